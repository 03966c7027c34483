import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config/variables.ts';
import { root } from '../support/root.ts';
import { type Compose, mountsOf, readCompose, readTargets, WAYS, type Way } from './support/compose.ts';
import { getComposeLoader } from './support/compose-loader.ts';

const readText = (file: string) => readFileSync(join(root, file), 'utf8');
/** Includes building the loader while other tests run. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
const collectorConfig = parse(readText('collector-config.yaml'));
const portOf = (endpoint: string) => Number(/:(\d+)$/.exec(endpoint)?.[1]);

/** The ports that each service listens on, according to its own configuration. */
function listeningPorts({ services }: Compose, way: Way): Record<string, number[]> {
  const { receivers, exporters, extensions, service } = collectorConfig;
  return {
    shop: [Number(services.shop?.environment?.SHOP_PORT)],
    outside: [Number(services.outside?.environment?.PAYMENTS_PORT)],
    collector: [
      portOf(receivers.otlp.protocols.grpc.endpoint),
      portOf(receivers.otlp.protocols.http.endpoint),
      portOf(extensions.health_check.endpoint),
      service.telemetry.metrics.readers[0].pull.exporter.prometheus.port,
      // The Collector starts no exporter that is in no pipeline.
      ...(way === 'prometheus' ? [portOf(exporters.prometheus.endpoint)] : []),
    ],
    prometheus: [9090],
    grafana: [3000],
  };
}

test(
  "Docker Compose's loader accepts compose.yaml and reads the same services from it as these tests",
  async (context) => {
    const load = await getComposeLoader(context);
    for (const way of WAYS) {
      // The loader reads no variables from the environment, so replace the default in the text.
      const loaded = await load(readText('compose.yaml').replaceAll('COLLECTOR_EXPORTER:-prometheus', `UNSET:-${way}`));
      const { services } = readCompose(way);
      expect(Object.keys(loaded.services).sort()).toEqual(Object.keys(services).sort());
      for (const [name, { environment, command = [] }] of Object.entries(services)) {
        expect(loaded.services[name]?.environment, name).toEqual(environment);
        expect(loaded.services[name]?.command ?? [], name).toEqual(command);
      }
    }
  },
  BUILD_TIMEOUT_MS,
);

test(
  "Docker Compose's loader refuses a misspelled key",
  async (context) => {
    const load = await getComposeLoader(context);
    await expect(load(readText('compose.yaml').replace('mem_limit', 'memory_limit'))).rejects.toThrow(
      "services.shop additional properties 'memory_limit' not allowed",
    );
  },
  BUILD_TIMEOUT_MS,
);

test('compose.yaml uses way 1 without COLLECTOR_EXPORTER, as collector-config.yaml does', () => {
  expect(readCompose()).toEqual(readCompose('prometheus'));
  expect(collectorConfig.service.pipelines.metrics.exporters).toEqual(['prometheus']);
});

describe.each(WAYS)('compose.yaml, %s', (way) => {
  const model = readCompose(way);
  const services = Object.entries(model.services);
  const ports = listeningPorts(model, way);
  const expectListening = (address: string) => {
    const [host = '', number] = address.split(':');
    expect(ports[host], address).toContain(Number(number));
  };

  test('mounts only paths and volumes that exist', () => {
    for (const [name, service] of services) {
      for (const { source, bind } of mountsOf(service)) {
        if (bind) expect(existsSync(join(root, source)), `${name}: ${source}`).toBe(true);
        else expect(Object.keys(model.volumes), name).toContain(source);
      }
    }
  });

  test('pins each published image to a version, and builds the image of the demo', () => {
    const pinned = services.filter(([, { image }]) => !/:v?\d+\.\d+\.\d+$/.test(image ?? ''));
    expect(pinned.map(([name, { image }]) => [name, image])).toEqual([
      ['shop', 'apm-demo'],
      ['outside', 'apm-demo'],
    ]);
    expect(readText('demo/Dockerfile').match(/^FROM \S+/gm)).toEqual(['FROM node:24-slim', 'FROM node:24-slim']);
  });

  test('publishes ports on the loopback address only', () => {
    const published = services.flatMap(([, service]) => service.ports ?? []);
    expect(published).toEqual(['127.0.0.1:9090:9090', '127.0.0.1:3000:3000']);
  });

  test('contains only addresses at which a service listens', () => {
    const urls = services.flatMap(([, { environment = {} }]) =>
      Object.values(environment).flatMap((value) => /^http:\/\/([\w.-]+:\d+)/.exec(String(value))?.[1] ?? []),
    );
    expect(urls.length).toBeGreaterThanOrEqual(4);
    urls.forEach(expectListening);
    const files = readdirSync(join(root, 'deploy/compose', way));
    const all = files.flatMap((file) => readTargets(way, file));
    expect(all).toEqual(expect.arrayContaining(['collector:8888', 'localhost:9090']));
    // Prometheus reads these targets, so `localhost` is its own container.
    all.map((address) => address.replace('localhost:', 'prometheus:')).forEach(expectListening);
  });

  test("sends the shop's requests to Prometheus by one way only", () => {
    const { environment } = model.services.shop ?? {};
    expect(environment?.OTEL_METRICS_EXPORTER).toBe('otlp');
    expect(readTargets(way, 'services.yml')).toEqual([]);
    expect(readTargets(way, 'collector.yml')).toEqual(way === 'prometheus' ? ['collector:8889'] : []);
    const flags = model.services.prometheus?.command;
    expect(flags).toContain('--web.enable-otlp-receiver');
  });

  test('contains every file of targets that the configuration of Prometheus names', () => {
    const { scrape_configs } = parse(readText('prometheus/prometheus.yml'));
    const named = scrape_configs.flatMap((job: { file_sd_configs: { files: string[] }[] }) =>
      job.file_sd_configs.flatMap(({ files }) => files),
    );
    const found = readdirSync(join(root, 'deploy/compose', way)).map((file) => `targets/${file}`);
    expect(found.sort()).toEqual(named.sort());
  });

  test('sets only variables that the service reads', () => {
    const readers: Record<string, (name: string) => boolean> = {
      shop: (name) =>
        Object.values(VARIABLES).some(({ variable }) => variable === name) ||
        readText('demo/service.mjs').includes(name) ||
        name === 'NODE_OPTIONS',
      outside: (name) => readText('demo/surroundings.mjs').includes(name),
      // The Go runtime reads GOMEMLIMIT.
      collector: (name) => readText('collector-config.yaml').includes(`\${env:${name}:-`) || name === 'GOMEMLIMIT',
      grafana: (name) => name.startsWith('GF_') || readProvisioning().includes(`\${${name}}`),
    };
    for (const [name, { environment = {} }] of services) {
      const unread = Object.keys(environment).filter((variable) => !readers[name]?.(variable));
      expect(unread, name).toEqual([]);
    }
  });

  test('gives the Collector more memory than its limiter allows, and Go 80 % of the limit', () => {
    const { limit_mib } = collectorConfig.processors.memory_limiter;
    const [, mebibytes] = /^(\d+)m$/.exec(model.services.collector?.mem_limit ?? '') ?? [];
    expect(Number(mebibytes)).toBeGreaterThan(limit_mib);
    expect(model.services.collector?.environment?.GOMEMLIMIT).toBe(`${limit_mib * 0.8}MiB`);
  });

  test('makes the user of the Collector the owner of the volume with its queue', () => {
    const { collector, 'collector-queue': owner } = model.services;
    const queue = String(collector?.environment?.COLLECTOR_QUEUE_DIRECTORY);
    const volume = collector && mountsOf(collector).find(({ source }) => source === 'collector-queue');
    expect(queue.startsWith(`${volume?.target}/`)).toBe(true);
    expect(owner && mountsOf(owner)).toEqual([volume]);
    expect(owner?.entrypoint).toEqual(['chown', '10001:10001', volume?.target]);
    expect(collector?.depends_on?.['collector-queue']?.condition).toBe('service_completed_successfully');
  });
});

/** The text of all provisioning files of Grafana. */
function readProvisioning(): string {
  const folder = join(root, 'grafana/provisioning');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8')).join('\n');
}

test('Grafana opens with a dashboard that is mounted', () => {
  const { grafana } = readCompose().services;
  const home = String(grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH);
  const mount = grafana && mountsOf(grafana).find(({ target }) => home.startsWith(`${target}/`));
  expect(mount?.bind).toBe(true);
  expect(existsSync(join(root, home.replace(mount?.target ?? '', mount?.source ?? '')))).toBe(true);
  // The provisioning must load the dashboards from the same folder.
  expect(readProvisioning()).toContain(`path: ${mount?.target}\n`);
});

test('.dockerignore lets in all files that the image is built from', () => {
  const allowed = readText('.dockerignore').match(/(?<=^!).+/gm) ?? [];
  for (const path of allowed) expect(existsSync(join(root, path)), path).toBe(true);
  // The build and `npm pack` need these files, and the image contains the demo.
  const { files } = JSON.parse(readText('package.json')) as { files: string[] };
  expect(files).toContain('dist');
  expect(allowed).toEqual(
    expect.arrayContaining([
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts',
      'src',
      'demo',
    ]),
  );
  expect(readText('demo/Dockerfile')).toContain('WORKDIR /app\n');
  const { shop } = readCompose().services;
  expect(shop?.environment?.NODE_OPTIONS).toBe('--import file:///app/node_modules/@org/apm/dist/register.js');
});
