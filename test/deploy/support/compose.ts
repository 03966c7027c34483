import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../support/root.ts';

/** The parts of a service that the tests read. The real loader checks all parts. */
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

/** Reads compose.yaml. @param way the value of COLLECTOR_EXPORTER, which is unset by default */
export function readCompose(way?: Way): Compose {
  const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
  const filled = text.replace(/\$\{COLLECTOR_EXPORTER:-(\w+)\}/g, (_, unset) => way ?? unset);
  if (/\$\{/.test(filled)) throw new Error('compose.yaml uses a variable that these tests do not fill in');
  return parse(filled, { merge: true });
}

export interface Mount {
  source: string;
  target: string;
  /** Whether it is a path of the repository, not a named volume. */
  bind: boolean;
}

export function mountsOf(service: Service): Mount[] {
  return (service.volumes ?? []).map((volume) => {
    const [source = '', target = ''] = typeof volume === 'string' ? volume.split(':') : [volume.source, volume.target];
    return { source, target, bind: source.startsWith('./') };
  });
}

/** Reads the targets in a file of deploy/compose. @param file its name in prometheus/targets */
export function readTargets(way: Way, file: string): string[] {
  const groups = parse(readFileSync(join(root, 'deploy/compose', way, file), 'utf8')) as { targets: string[] }[];
  return groups.flatMap((group) => group.targets);
}
