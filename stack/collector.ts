import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Instance } from './instance.ts';
import { freePorts } from './ports.ts';
import type { Found } from './programs.ts';
import { root } from './root.ts';
import { answersOk, ServerProcess } from './server-process.ts';

/** collector-config.yaml as shipped, which is way 1. */
export const COLLECTOR_CONFIG = readFileSync(join(root, 'collector-config.yaml'), 'utf8');

/** The same for way 2: each line that has a comment `way 2: [...]` gets that value. */
export const COLLECTOR_CONFIG_OTLP = COLLECTOR_CONFIG.replace(/^( *\w+: )\[.*\] # way 2: (\[.*\])$/gm, '$1$2');

/** The ports of collector-config.yaml. */
const DEFAULT_PORTS = { grpc: 4317, http: 4318, prometheus: 8889, own: 8888, health: 13133 };

export interface CollectorOptions {
  program: Found;
  /** Its configuration. The ports of collector-config.yaml are replaced with free ones. Way 1 by default. */
  config?: string;
  /** Merged over the configuration, as a second `--config` is: lists are replaced. */
  overlay?: object;
  /** Environment variables for the configuration. COLLECTOR_HOST is 127.0.0.1 by default; undefined removes it. */
  env?: Record<string, string | undefined>;
  /** Ports to listen on, instead of free ones. */
  ports?: Partial<CollectorPorts>;
  /** Folder of its configuration and its queue. By default a temporary folder, which `close` removes. */
  folder?: string;
}

export type CollectorPorts = Record<keyof typeof DEFAULT_PORTS, number>;

/** Starts a Collector on the loopback address, and waits until it is ready. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { program, overlay, env } = options;
  const free = await freePorts(Object.keys(DEFAULT_PORTS).length);
  const randomPorts = Object.fromEntries(Object.keys(DEFAULT_PORTS).map((name, i) => [name, free[i]]));
  const ports = { ...randomPorts, ...options.ports } as CollectorPorts;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'apm-collector-')));
  await writeFile(join(folder, 'config.yaml'), replacePorts(options.config ?? COLLECTOR_CONFIG, ports));
  if (overlay) await writeFile(join(folder, 'overlay.yaml'), stringify(overlay));
  const service = new ServerProcess({
    name: `Collector ${program.version}`,
    path: program.path,
    args: ['--config=config.yaml', ...(overlay ? ['--config=overlay.yaml'] : [])],
    cwd: folder,
    env: { COLLECTOR_HOST: '127.0.0.1', ...env },
    isReady: () => answersOk(`http://127.0.0.1:${ports.health}/`),
  });
  return new Collector(service, folder, options.folder === undefined, ports).start();
}

function replacePorts(config: string, ports: CollectorPorts): string {
  const names = Object.keys(DEFAULT_PORTS) as (keyof CollectorPorts)[];
  // A port is written as `host:4317` or as `port: 8888`.
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

  /** The scrape target with the services' metrics, in way 1. */
  get address(): string {
    return `127.0.0.1:${this.ports.prometheus}`;
  }

  /** The scrape target with the Collector's own metrics. */
  get ownMetricsAddress(): string {
    return `127.0.0.1:${this.ports.own}`;
  }
}
