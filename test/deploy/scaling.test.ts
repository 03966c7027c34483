import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../stack/run.ts';
import { needs } from '../stack/support/needs.ts';
import { runPrometheus } from '../stack/support/run.ts';
import { until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { biggerCollector } from './support/bigger-collector.ts';
import { container, type Manifest, manifests, only } from './support/manifests.ts';
import { unknownNames, validate } from './support/schema.ts';

const FOLDER = join(root, 'deploy/kubernetes');
const page = readFileSync(join(FOLDER, 'scaling.md'), 'utf8');
/** Includes building the Collector while other tests run. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
const take = needs('promtool', 'prometheus');

interface Block {
  /** Its kind, exporter or address. */
  name: string;
  yaml: string;
  says: Manifest;
  /** Whether the text before it says that no program read it. */
  unread: boolean;
}

const blocks: Block[] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(({ 1: yaml = '', index }) => {
  const says = parse(yaml);
  const before = page.slice(0, index).split('```').at(-1) ?? '';
  const name = says.kind ?? Object.keys(says.exporters ?? {})[0] ?? says.remote_write?.[0].url;
  return { name: name ?? Object.keys(says)[0], yaml, says, unread: /no program read this/i.test(before) };
});
const read = (...keys: string[]) => blocks.filter(({ says, unread }) => !unread && keys.some((key) => key in says));

/** Writes the text to a temporary file, which is removed when the test ends. */
async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-scaling-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'block.yml'), text);
  return join(folder, 'block.yml');
}

/** Validates a block that is merged over collector-config.yaml. @returns `valid`, or the Collector's error */
async function validated(collector: string, text: string): Promise<string> {
  const queue = await mkdtemp(join(tmpdir(), 'apm-queue-'));
  onTestFinished(() => rm(queue, { recursive: true }));
  const files = [join(root, 'collector-config.yaml'), await fileOf(text)].map((file) => `--config=${file}`);
  const env = { ...process.env, COLLECTOR_QUEUE_DIRECTORY: queue };
  return await run(collector, ['validate', ...files], { env }).then(
    () => 'valid',
    (error) => error.message,
  );
}

test('these tests check each block of scaling.md, except two that it marks as not read by any program', () => {
  const checked = [...read('remote_write'), ...read('scrape_configs'), ...read('exporters'), ...read('kind')];
  const unread = blocks.filter((block) => block.unread);
  expect(new Set([...checked, ...unread]).size).toBe(blocks.length);
  expect(checked.map(({ name }) => name)).toEqual([
    'http://mimir-gateway.mimir/api/v1/push',
    'http://thanos-receive.thanos:19291/api/v1/receive',
    'http://victoria-metrics.monitoring:8428/api/v1/write',
    'scrape_configs',
    'otlp_http',
    'prometheus_remote_write',
    'load_balancing',
    'Prometheus',
  ]);
  expect(unread.map(({ name }) => name)).toEqual(['limits', 'OpenTelemetryCollector']);
});

for (const { name, yaml } of read('remote_write')) {
  test(`Prometheus accepts the remote write to ${name}`, async (context) => {
    const { path } = take('promtool', context);
    await run(path, ['check', 'config', '--lint-fatal', await fileOf(yaml)]);
    const misspelled = await fileOf(yaml.replace('remote_write', 'remote_writes'));
    await expect(run(path, ['check', 'config', misspelled])).rejects.toThrow('field remote_writes not found');
  });
}

test('Prometheus scrapes each annotated pod once, at the annotated port, with the right job and instance', async (context) => {
  const program = take('prometheus', context);
  const deployment = only(manifests('app-annotations.yaml'), 'Deployment');
  const pod = deployment.spec.template.metadata;
  /** One port of a pod, as the discovery of Kubernetes reports it. */
  const found = (name: string, port: number, annotations: Record<string, string>) => ({
    targets: [`127.0.0.1:${port}`],
    labels: {
      __meta_kubernetes_pod_name: name,
      __meta_kubernetes_pod_container_port_number: String(port),
      __meta_kubernetes_pod_label_app_kubernetes_io_name: pod.labels['app.kubernetes.io/name'],
      ...Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [
          `__meta_kubernetes_pod_annotation_${key.replace(/\W/g, '_')}`,
          value,
        ]),
      ),
    },
  });
  const config = read('scrape_configs')[0]?.says;
  // These Prometheus builds lack the discovery of Kubernetes, so the targets are in the configuration.
  expect(config.scrape_configs[0].kubernetes_sd_configs).toEqual([{ role: 'pod' }]);
  delete config.scrape_configs[0].kubernetes_sd_configs;
  const ports: { containerPort: number }[] = container(deployment).ports;
  config.scrape_configs[0].static_configs = [
    ...ports.map(({ containerPort }) => found('shop-1', containerPort, pod.annotations)),
    ...ports.map(({ containerPort }) => found('other-1', containerPort, {})),
  ];
  const prometheus = await runPrometheus({ program, config });
  const { activeTargets } = await until(
    () => prometheus.api<{ activeTargets: Manifest[]; droppedTargets: object[] }>('targets'),
    ({ activeTargets, droppedTargets }) => activeTargets.length + droppedTargets.length === 2 * ports.length,
  );
  expect(activeTargets.map(({ labels, scrapeUrl }) => ({ labels, scrapeUrl }))).toEqual([
    { labels: { job: 'shop', instance: 'shop-1' }, scrapeUrl: 'http://127.0.0.1:9464/metrics' },
  ]);
});

for (const { name, yaml } of read('exporters')) {
  test(
    `the Collector accepts the exporter ${name} merged over collector-config.yaml`,
    async (context) => {
      const collector = await biggerCollector(context);
      expect(await validated(collector, yaml)).toBe('valid');
      expect(await validated(collector, yaml.replace(/^ {4}(\w+):/m, '    not_a_key:'))).toContain('not_a_key');
    },
    BUILD_TIMEOUT_MS,
  );
}

test("the Operator's Prometheus has the same settings as prometheus.yml", async () => {
  const { says } = read('kind')[0] as Block;
  await validate(says);
  expect(await unknownNames([says])).toBe('');
  const { global, otlp, storage } = parse(readFileSync(join(root, 'prometheus/prometheus.yml'), 'utf8'));
  const { spec, metadata } = says;
  expect([spec.scrapeInterval, spec.evaluationInterval]).toEqual([global.scrape_interval, global.evaluation_interval]);
  expect(spec.otlp).toEqual({
    translationStrategy: otlp.translation_strategy,
    keepIdentifyingResourceAttributes: otlp.keep_identifying_resource_attributes,
  });
  expect(spec.tsdb.outOfOrderTimeWindow).toBe(storage.tsdb.out_of_order_time_window);
  // The Operator creates this Service for each Prometheus of a namespace.
  const endpoint = container(only(manifests('collector/collector.yaml'), 'StatefulSet')).env.find(
    ({ name }: Manifest) => name === 'PROMETHEUS_OTLP_ENDPOINT',
  );
  expect(endpoint.value).toBe(`http://prometheus-operated.${metadata.namespace}:9090/api/v1/otlp`);
});

test('scaling.md contains no broken link', () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
  expect(links.length).toBeGreaterThan(5);
  const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, file, anchor] of links) {
    if (file) expect(existsSync(join(FOLDER, file)), file).toBe(true);
    if (anchor) expect(anchors).toContain(anchor);
  }
});
