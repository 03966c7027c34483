import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../stack/run.ts';
import { needPrograms } from '../stack/support/needed-programs.ts';
import { runPrometheus } from '../stack/support/run.ts';
import { until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { getBiggerCollector } from './support/bigger-collector.ts';
import { containerOf, findOnly, type Manifest, readManifests } from './support/manifests.ts';
import { findUnknownNames, validate } from './support/schema.ts';

const FOLDER = join(root, 'deploy/kubernetes');
const page = readFileSync(join(FOLDER, 'scaling.md'), 'utf8');
/** Includes building the Collector while other tests run. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
const take = needPrograms('promtool', 'prometheus');

interface Block {
  /** Its kind, exporter or address. */
  name: string;
  yaml: string;
  content: Manifest;
  /** Whether the text before it says that no program read it. */
  isUnread: boolean;
}

const blocks: Block[] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(({ 1: yaml = '', index }) => {
  const content = parse(yaml);
  const before = page.slice(0, index).split('```').at(-1) ?? '';
  const name = content.kind ?? Object.keys(content.exporters ?? {})[0] ?? content.remote_write?.[0].url;
  return { name: name ?? Object.keys(content)[0], yaml, content, isUnread: /no program read this/i.test(before) };
});
const findBlocks = (...keys: string[]) =>
  blocks.filter(({ content, isUnread }) => !isUnread && keys.some((key) => key in content));

/** Writes the text to a temporary file, which is removed when the test ends. */
async function writeBlock(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-scaling-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'block.yml'), text);
  return join(folder, 'block.yml');
}

/** Validates a block that is merged over collector-config.yaml. @returns `valid`, or the Collector's error */
async function validateOverlay(collector: string, text: string): Promise<string> {
  const queue = await mkdtemp(join(tmpdir(), 'apm-queue-'));
  onTestFinished(() => rm(queue, { recursive: true }));
  const files = [join(root, 'collector-config.yaml'), await writeBlock(text)].map((file) => `--config=${file}`);
  const env = { ...process.env, COLLECTOR_QUEUE_DIRECTORY: queue };
  return await run(collector, ['validate', ...files], { env }).then(
    () => 'valid',
    (error) => error.message,
  );
}

test('these tests check each block of scaling.md, except two that it marks as not read by any program', () => {
  const checked = [
    ...findBlocks('remote_write'),
    ...findBlocks('scrape_configs'),
    ...findBlocks('exporters'),
    ...findBlocks('kind'),
  ];
  const unread = blocks.filter((block) => block.isUnread);
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

for (const { name, yaml } of findBlocks('remote_write')) {
  test(`Prometheus accepts the remote write to ${name}`, async (context) => {
    const { path } = take('promtool', context);
    await run(path, ['check', 'config', '--lint-fatal', await writeBlock(yaml)]);
    const misspelled = await writeBlock(yaml.replace('remote_write', 'remote_writes'));
    await expect(run(path, ['check', 'config', misspelled])).rejects.toThrow('field remote_writes not found');
  });
}

test('Prometheus scrapes each annotated pod once, at the annotated port, with the right job and instance', async (context) => {
  const program = take('prometheus', context);
  const deployment = findOnly(readManifests('app-annotations.yaml'), 'Deployment');
  const pod = deployment.spec.template.metadata;
  /** One port of a pod, as the discovery of Kubernetes reports it. */
  const discoveredPort = (name: string, port: number, annotations: Record<string, string>) => ({
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
  const config = findBlocks('scrape_configs')[0]?.content;
  // These Prometheus builds lack the discovery of Kubernetes, so the targets are in the configuration.
  expect(config.scrape_configs[0].kubernetes_sd_configs).toEqual([{ role: 'pod' }]);
  delete config.scrape_configs[0].kubernetes_sd_configs;
  const ports: { containerPort: number }[] = containerOf(deployment).ports;
  config.scrape_configs[0].static_configs = [
    ...ports.map(({ containerPort }) => discoveredPort('shop-1', containerPort, pod.annotations)),
    ...ports.map(({ containerPort }) => discoveredPort('other-1', containerPort, {})),
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

for (const { name, yaml } of findBlocks('exporters')) {
  test(
    `the Collector accepts the exporter ${name} merged over collector-config.yaml`,
    async (context) => {
      const collector = await getBiggerCollector(context);
      expect(await validateOverlay(collector, yaml)).toBe('valid');
      expect(await validateOverlay(collector, yaml.replace(/^ {4}(\w+):/m, '    not_a_key:'))).toContain('not_a_key');
    },
    BUILD_TIMEOUT_MS,
  );
}

test("the Operator's Prometheus has the same settings as prometheus.yml", async () => {
  const { content } = findBlocks('kind')[0] as Block;
  await validate(content);
  expect(await findUnknownNames([content])).toBe('');
  const { global, otlp, storage } = parse(readFileSync(join(root, 'prometheus/prometheus.yml'), 'utf8'));
  const { spec, metadata } = content;
  expect([spec.scrapeInterval, spec.evaluationInterval]).toEqual([global.scrape_interval, global.evaluation_interval]);
  expect(spec.otlp).toEqual({
    translationStrategy: otlp.translation_strategy,
    keepIdentifyingResourceAttributes: otlp.keep_identifying_resource_attributes,
  });
  expect(spec.tsdb.outOfOrderTimeWindow).toBe(storage.tsdb.out_of_order_time_window);
  // The Operator creates this Service for each Prometheus of a namespace.
  const endpoint = containerOf(findOnly(readManifests('collector/collector.yaml'), 'StatefulSet')).env.find(
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
