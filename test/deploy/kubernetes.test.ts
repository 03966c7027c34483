import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config/variables.ts';
import { root } from '../support/root.ts';
import { containerOf, FILES, findOnly, type Manifest, readManifests } from './support/manifests.ts';
import { findUnknownNames, validate } from './support/schema.ts';

const KUBERNETES = join(root, 'deploy/kubernetes');
const readText = (file: string) => readFileSync(join(KUBERNETES, file), 'utf8');
const APPS = ['app.yaml', 'app-annotations.yaml', 'app-push.yaml'];
const COLLECTOR = [...readManifests('collector/collector.yaml'), ...readManifests('collector/podmonitor.yaml')];
const kustomization = parse(readText('collector/kustomization.yaml'));
const collectorConfig = parse(readFileSync(join(root, 'collector-config.yaml'), 'utf8'));

/** The `value` of each variable, or its `valueFrom`. */
const environmentOf = (workload: Manifest): Record<string, unknown> =>
  Object.fromEntries(containerOf(workload).env.map((one: Manifest) => [one.name, one.value ?? one.valueFrom]));
const portsOf = (workload: Manifest): Record<string, number> =>
  Object.fromEntries(containerOf(workload).ports.map((port: Manifest) => [port.name, port.containerPort]));

test.each(FILES)('%s conforms to the schemas of Kubernetes', async (file) => {
  for (const manifest of readManifests(file)) await validate(manifest);
  expect(await findUnknownNames(readManifests(file))).toBe('');
});

test('the schemas refuse a wrong value, a missing value and a misspelled name', async () => {
  const wrong = findOnly(readManifests('app.yaml'), 'Deployment');
  wrong.spec.replicas = 'two';
  await expect(validate(wrong)).rejects.toThrow('replicas');
  const missing = findOnly(readManifests('app.yaml'), 'Deployment');
  delete missing.spec.selector;
  await expect(validate(missing)).rejects.toThrow('selector');
  const misspelled = findOnly(readManifests('app.yaml'), 'PodMonitor');
  misspelled.spec.podMetricsEndpoints[0].relabelling = [];
  expect(await findUnknownNames([misspelled])).toContain(
    `'"relabelling"' does not exist in type 'IPodMetricsEndpoint'`,
  );
});

/** Every selector of these objects must match the labels of the pods of this workload. */
function expectSelectsPods(all: Manifest[], workload: Manifest): void {
  const { labels } = workload.spec.template.metadata;
  const selectors = all.map(({ spec }) => spec.podSelector ?? spec.selector).map((one) => one.matchLabels ?? one);
  expect(selectors.length).toBeGreaterThan(1);
  for (const selector of selectors) expect(labels).toMatchObject(selector);
}

describe.each(APPS)('%s', (file) => {
  const all = readManifests(file);
  const deployment = findOnly(all, 'Deployment');
  const pod = deployment.spec.template;
  const ports = portsOf(deployment);
  const variables = environmentOf(deployment);

  test('selects its own pods, and names only ports that they have', () => {
    expectSelectsPods(all, deployment);
    const { readinessProbe, livenessProbe } = containerOf(deployment);
    const service = findOnly(all, 'Service').spec.ports.map((port: Manifest) => port.targetPort);
    const named = [readinessProbe.httpGet.port, livenessProbe.httpGet.port, ...service];
    for (const { spec } of all) {
      named.push(...(spec.podMetricsEndpoints ?? []).map((endpoint: Manifest) => endpoint.port));
      named.push(...(spec.ingress ?? []).flatMap((rule: Manifest) => rule.ports.map((port: Manifest) => port.port)));
    }
    for (const name of named) expect(Object.keys(ports)).toContain(name);
    expect(Number(variables.PORT)).toBe(ports.http);
  });

  test('sets only variables that the package reads, to values that it accepts', () => {
    const own = Object.entries(variables).filter(([name]) => /^(OTEL|APM)_/.test(name));
    expect(own.length).toBeGreaterThanOrEqual(4);
    for (const [name, value] of own) {
      const row = Object.values(VARIABLES).find(({ variable }) => variable === name);
      expect(row, name).toBeDefined();
      if (typeof value === 'string') expect(row?.parse(value), name).not.toBe(undefined);
    }
  });

  test('refers only to variables that are set before, as Kubernetes requires', () => {
    const names = Object.keys(variables);
    const used = Object.entries(variables).flatMap(([name, value]) =>
      [...String(value).matchAll(/\$\((\w+)\)/g)].map(([, other]) => [name, other as string] as const),
    );
    expect(used.length).toBeGreaterThan(0);
    for (const [name, other] of used) {
      expect(names, name).toContain(other);
      expect(names.indexOf(other), name).toBeLessThan(names.indexOf(name));
    }
  });

  test('has the same version in the label, the image and VERSION', () => {
    const version = pod.metadata.labels['app.kubernetes.io/version'];
    expect(containerOf(deployment).image).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
    expect(variables.VERSION).toEqual({ fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/version']" } });
  });

  test('exports its metrics by exactly one way', () => {
    const scraped = 'metrics' in ports;
    const pushed = variables.OTEL_METRICS_EXPORTER === 'otlp';
    const monitors = all.filter(({ kind }) => kind === 'PodMonitor').length;
    const annotated = pod.metadata.annotations?.['prometheus.io/scrape'] === 'true';
    const ways = { 'app.yaml': [1, 0, 0], 'app-annotations.yaml': [0, 1, 0], 'app-push.yaml': [0, 0, 1] }[file];
    expect([monitors, Number(annotated), Number(pushed)]).toEqual(ways);
    expect(scraped).toBe(!pushed);
    expect('OTEL_EXPORTER_PROMETHEUS_HOST' in variables).toBe(scraped);
  });
});

test('the three manifests of the app differ only in how metrics are exported', () => {
  const WAY = /^(OTEL_EXPORTER_PROMETHEUS_HOST|APM_AUTH_TOKEN|OTEL_METRICS_EXPORTER|OTEL_EXPORTER_OTLP_ENDPOINT)$/;
  const [app, ...others] = APPS.map((file) => {
    const deployment = findOnly(readManifests(file), 'Deployment');
    delete deployment.spec.template.metadata.annotations;
    const { env, ports } = containerOf(deployment);
    // Each process that pushes gets an id of its own; scraped processes of a pod are merged under the pod's.
    const comparable = env.map((each: Manifest) => ({
      ...each,
      ...(each.value && { value: each.value.replace('service.instance.id=$(POD_NAME),', '') }),
    }));
    containerOf(deployment).env = comparable.filter(({ name }: Manifest) => !WAY.test(name));
    containerOf(deployment).ports = ports.filter(({ name }: Manifest) => name !== 'metrics');
    return [deployment, findOnly(readManifests(file), 'Service')];
  });
  for (const other of others) expect(other).toEqual(app);
  const policy = (file: string) => findOnly(readManifests(file), 'NetworkPolicy');
  expect(policy('app-annotations.yaml')).toEqual(policy('app.yaml'));
});

test('the PodMonitor sends the token that the app requires, from the Secret that app.yaml says to create', () => {
  const all = readManifests('app.yaml');
  const { APM_AUTH_TOKEN } = environmentOf(findOnly(all, 'Deployment')) as Record<string, Manifest>;
  const [{ authorization }] = findOnly(all, 'PodMonitor').spec.podMetricsEndpoints;
  expect(authorization).toEqual({ type: 'Bearer', credentials: APM_AUTH_TOKEN.secretKeyRef });
  const { name, key } = APM_AUTH_TOKEN.secretKeyRef;
  expect(readText('app.yaml')).toContain(`kubectl create secret generic ${name} --from-literal=${key}=`);
});

test('annotations name the port and path to scrape, and the app requires no token', () => {
  const deployment = findOnly(readManifests('app-annotations.yaml'), 'Deployment');
  expect(deployment.spec.template.metadata.annotations).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(portsOf(deployment).metrics),
    'prometheus.io/path': VARIABLES.metricsPath.fallback,
  });
  expect(portsOf(deployment).metrics).toBe(VARIABLES.port.fallback);
  expect(environmentOf(deployment)).not.toHaveProperty('APM_AUTH_TOKEN');
});

describe('the Collector', () => {
  const workload = findOnly(COLLECTOR, 'StatefulSet');
  const ports = portsOf(workload);
  const { args, volumeMounts, resources } = containerOf(workload);
  const variables = environmentOf(workload);

  test('is selected by its own objects, and reachable at the endpoint that the app pushes to', () => {
    expectSelectsPods(COLLECTOR, workload);
    const service = findOnly(COLLECTOR, 'Service', 'apm-collector');
    const endpoint = environmentOf(findOnly(readManifests('app-push.yaml'), 'Deployment')).OTEL_EXPORTER_OTLP_ENDPOINT;
    const reached = service.spec.ports.find((port: Manifest) => port.name === 'otlp-http');
    expect(endpoint).toBe(`http://${service.metadata.name}.${kustomization.namespace}:${reached.port}`);
    expect(findOnly(COLLECTOR, 'Service', workload.spec.serviceName).spec.clusterIP).toBe('None');
    for (const { kind, spec } of COLLECTOR) {
      const named = kind === 'Service' ? spec.ports : kind === 'PodMonitor' ? spec.podMetricsEndpoints : [];
      for (const { port, targetPort } of named) expect(Object.keys(ports)).toContain(targetPort ?? port);
    }
  });

  test('has the ports of collector-config.yaml', () => {
    const { receivers, extensions, service } = collectorConfig;
    const port = (endpoint: string) => Number(/:(\d+)$/.exec(endpoint)?.[1]);
    expect(ports).toEqual({
      'otlp-grpc': port(receivers.otlp.protocols.grpc.endpoint),
      'otlp-http': port(receivers.otlp.protocols.http.endpoint),
      metrics: service.telemetry.metrics.readers[0].pull.exporter.prometheus.port,
      health: port(extensions.health_check.endpoint),
    });
  });

  test('uses collector-config.yaml itself, not a copy', () => {
    const [generated] = kustomization.configMapGenerator;
    const [file] = generated.files;
    expect(join(KUBERNETES, 'collector', file)).toBe(join(root, 'collector-config.yaml'));
    const [volume] = workload.spec.template.spec.volumes;
    expect(volume.configMap.name).toBe(generated.name);
    const mounted = volumeMounts.find((mount: Manifest) => mount.name === volume.name);
    expect(args[0]).toBe(`--config=${mounted.mountPath}/collector-config.yaml`);
    for (const resource of kustomization.resources) {
      expect(existsSync(join(KUBERNETES, 'collector', resource)), resource).toBe(true);
    }
    // The relative path must also work in the npm package, so the package must contain both.
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(files).toEqual(expect.arrayContaining(['collector-config.yaml', 'deploy/kubernetes']));
  });

  test('sets only variables that collector-config.yaml or the Go runtime reads', () => {
    const config = readFileSync(join(root, 'collector-config.yaml'), 'utf8');
    const read = Object.keys(variables).filter((name) => config.includes(`\${env:${name}:-`));
    expect(Object.keys(variables).sort()).toEqual([...read, 'GOMEMLIMIT'].sort());
    expect(read).toHaveLength(3);
  });

  test('gives each replica a writable volume of its own for its queue', () => {
    expect(workload.spec.replicas).toBeGreaterThan(1);
    const [claim] = workload.spec.volumeClaimTemplates;
    const mounted = volumeMounts.find((mount: Manifest) => mount.name === claim.metadata.name);
    expect(variables.COLLECTOR_QUEUE_DIRECTORY).toBe(mounted.mountPath);
    const { runAsUser, fsGroup } = workload.spec.template.spec.securityContext;
    expect([runAsUser, fsGroup]).toEqual([10001, 10001]);
    // Compaction needs as much space again as the queue.
    const { queue_size, sizer } = collectorConfig.exporters.otlp_http.sending_queue;
    expect(sizer).toBe('bytes');
    const [, gibibytes] = /^(\d+)Gi$/.exec(claim.spec.resources.requests.storage) ?? [];
    expect(Number(gibibytes) * 2 ** 30).toBeGreaterThan(2 * queue_size);
  });

  test('has more memory than its limiter allows, and gives Go 80 % of the limit', () => {
    const { limit_mib } = collectorConfig.processors.memory_limiter;
    const [, mebibytes] = /^(\d+)Mi$/.exec(resources.limits.memory) ?? [];
    expect(Number(mebibytes)).toBeGreaterThan(limit_mib);
    expect(variables.GOMEMLIMIT).toBe(`${limit_mib * 0.8}MiB`);
  });

  test('exports its own metrics under the job that the alert on its queue selects', () => {
    const [{ relabelings }] = findOnly(COLLECTOR, 'PodMonitor').spec.podMetricsEndpoints;
    expect(relabelings).toContainEqual({ targetLabel: 'job', replacement: 'otelcol' });
    const { scrape_configs } = parse(readFileSync(join(root, 'prometheus/prometheus.yml'), 'utf8'));
    expect(scrape_configs.map((job: Manifest) => job.job_name)).toContain('otelcol');
  });
});
