import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../support/root.ts';

/** What the tests read of a service; the real loader checks all of it. */
export interface Service {
  image?: string;
  user?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string | number>;
  volumes?: (string | { source: string; target: string })[];
  ports?: string[];
  mem_limit?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

export interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

/** The ways of collector-config.yaml, as COLLECTOR_EXPORTER names them. */
export const WAYS = ['prometheus', 'otlp_http'] as const;
export type Way = (typeof WAYS)[number];

/** compose.yaml with COLLECTOR_EXPORTER unset, or set to a way. */
export function compose(way?: Way): Compose {
  const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
  const filled = text.replace(/\$\{COLLECTOR_EXPORTER:-(\w+)\}/g, (_, unset) => way ?? unset);
  if (/\$\{/.test(filled)) throw new Error('compose.yaml reads a variable that this does not know');
  return parse(filled, { merge: true });
}

export interface Mount {
  source: string;
  target: string;
  /** A path of the repository rather than a named volume. */
  bind: boolean;
}

export function mounts(service: Service): Mount[] {
  return (service.volumes ?? []).map((volume) => {
    const [source = '', target = ''] = typeof volume === 'string' ? volume.split(':') : [volume.source, volume.target];
    return { source, target, bind: source.startsWith('./') };
  });
}

/** The targets of a file of deploy/compose, by the name it has in prometheus/targets. */
export function targets(way: Way, file: string): string[] {
  const groups = parse(readFileSync(join(root, 'deploy/compose', way, file), 'utf8')) as { targets: string[] }[];
  return groups.flatMap((group) => group.targets);
}
