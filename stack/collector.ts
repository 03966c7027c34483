import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Instance } from './instance.ts';
import { freePorts } from './ports.ts';
import type { Found } from './programs.ts';
import { root } from './root.ts';
import { ServerProcess } from './server-process.ts';

/** collector-config.yaml as it is shipped: its way 1. */
export const COLLECTOR_CONFIG = readFileSync(join(root, 'collector-config.yaml'), 'utf8');

/** The same with way 2 on, by the lines that it says are to be changed. */
export const COLLECTOR_CONFIG_OTLP = COLLECTOR_CONFIG.replace(/^( *\w+: )\[.*\] # way 2: (\[.*\])$/gm, '$1$2');

/** The ports of collector-config.yaml. */
const DEFAULT_PORTS = { grpc: 4317, http: 4318, prometheus: 8889, own: 8888, health: 13133 };

export interface CollectorOptions {
  program: Found;
  /** Its configuration; the ports of collector-config.yaml in it become free ones. Way 1 by default. */
  config?: string;
  /** Merged over it, as the Collector merges a second `--config`: lists are replaced. */
  overlay?: object;
  /** Variables the configuration reads; COLLECTOR_HOST is 127.0.0.1 by default, undefined takes it away. */
  env?: Record<string, string | undefined>;
  /** Where it listens, instead of on free ports. */
  ports?: Partial<CollectorPorts>;
  /** Where its configuration and its queue are; by default a temporary folder, gone after `close`. */
  folder?: string;
}

export type CollectorPorts = Record<keyof typeof DEFAULT_PORTS, number>;

/** Starts a Collector on this machine's loopback address, and waits until it serves. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { program, overlay, env } = options;
  const free = await freePorts(Object.keys(DEFAULT_PORTS).length);
  const drawn = Object.fromEntries(Object.keys(DEFAULT_PORTS).map((name, i) => [name, free[i]]));
  const ports = { ...drawn, ...options.ports } as CollectorPorts;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'apm-collector-')));
  await writeFile(join(folder, 'config.yaml'), replacePorts(options.config ?? COLLECTOR_CONFIG, ports));
  if (overlay) await writeFile(join(folder, 'overlay.yaml'), stringify(overlay));
  const service = new ServerProcess({
    name: `Collector ${program.version}`,
    path: program.path,
    args: ['--config=config.yaml', ...(overlay ? ['--config=overlay.yaml'] : [])],
    cwd: folder,
    env: { COLLECTOR_HOST: '127.0.0.1', ...env },
    readyUrl: `http://127.0.0.1:${ports.health}/`,
  });
  return new Collector(service, folder, options.folder === undefined, ports).start();
}

function replacePorts(config: string, ports: CollectorPorts): string {
  const names = Object.keys(DEFAULT_PORTS) as (keyof CollectorPorts)[];
  // Either `host:4317`, or a port of its own key.
  return config.replace(/(:|\bport: )(\d{4,5})$/gm, (all, before, port) => {
    const name = names.find((name) => DEFAULT_PORTS[name] === Number(port));
    return name ? `${before}${ports[name]}` : all;
  });
}

export class Collector extends Instance {
  readonly ports: CollectorPorts;

  constructor(service: ServerProcess, folder: string, temporary: boolean, ports: CollectorPorts) {
    super(service, folder, temporary);
    this.ports = ports;
  }

  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  /** The services' metrics, as a target: way 1. */
  get address(): string {
    return `127.0.0.1:${this.ports.prometheus}`;
  }

  /** The Collector's own metrics, as a target. */
  get ownMetricsAddress(): string {
    return `127.0.0.1:${this.ports.own}`;
  }
}
