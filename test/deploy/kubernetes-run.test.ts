import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AppOptions, startApp } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { startReceiver } from '../support/receiver.ts';
import { createAppFolder } from './support/layout.ts';
import { containerOf, findOnly, type Manifest, readManifests } from './support/manifests.ts';

const TOKEN = 'a-secret-token';
const POD: Record<string, string> = {
  'metadata.name': 'shop-7d9f-x2x8k',
  'metadata.namespace': 'shops',
  'spec.nodeName': 'node-3',
  "metadata.labels['app.kubernetes.io/version']": '1.0.0',
};

/** The environment of the container. Like the kubelet, fills in earlier variables, fields of the pod and the Secret. */
function fillEnvironment(deployment: Manifest): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of containerOf(deployment).env) {
    if (valueFrom?.fieldRef) variables[name] = POD[valueFrom.fieldRef.fieldPath] as string;
    else if (valueFrom?.secretKeyRef) variables[name] = TOKEN;
    else variables[name] = value.replace(/\$\((\w+)\)/g, (all: string, other: string) => variables[other] ?? all);
  }
  return variables;
}

/** Starts the demo's shop as in the container of a manifest, but on the loopback address. */
async function startPod(file: string, env: Record<string, string> = {}) {
  const folder = await createAppFolder();
  const variables = fillEnvironment(findOnly(readManifests(file), 'Deployment'));
  const podEnv: AppOptions['env'] = { ...variables, ...env };
  podEnv.NODE_OPTIONS = variables.NODE_OPTIONS?.replace('file:///app/', `file://${folder}/`) as string;
  if (variables.OTEL_EXPORTER_PROMETHEUS_HOST) podEnv.OTEL_EXPORTER_PROMETHEUS_HOST = '127.0.0.1';
  const ready = /^the shop is open at http:\/\/localhost:(\d+)$/m;
  return await startApp(join(folder, 'service.mjs'), { flags: [], cwd: folder, env: podEnv, ready });
}

const IDENTITY = {
  service_name: 'shop',
  service_version: '1.0.0',
  service_instance_id: 'shop-7d9f-x2x8k',
  k8s_namespace_name: 'shops',
  k8s_pod_name: 'shop-7d9f-x2x8k',
  k8s_node_name: 'node-3',
  k8s_container_name: 'shop',
};

test.each([
  ['app.yaml', 401],
  ['app-annotations.yaml', 200],
])('each pod of %s identifies itself, and requires the token if the manifest sets one', async (file, withoutToken) => {
  const app = await startPod(file);
  const url = await app.metricsUrl();
  expect((await fetch(url)).status).toBe(withoutToken);
  await (await fetch(app.url('/products'))).text();
  const text = await (await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  const [info = ''] = text.match(/^target_info\{.*\}/m) ?? [];
  for (const [label, value] of Object.entries(IDENTITY)) expect(info).toContain(`${label}="${value}"`);
  const counted = Object.keys(samples(text)).filter((sample) => sample.startsWith('http_requests_total'));
  expect(counted).toContain('http_requests_total{path="/products",method="GET",status_code="200"}');
});

test('each pod of app-push.yaml identifies itself when it pushes, and opens no port for metrics', async () => {
  const receiver = await startReceiver();
  const app = await startPod('app-push.yaml', {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '200',
  });
  await (await fetch(app.url('/products'))).text();
  const push = await until(
    () => receiver.last,
    (last) => last?.metrics.http_requests_total !== undefined,
  );
  const { service_instance_id: _, ...identity } = IDENTITY;
  const attributes = Object.entries(identity).map(([label, value]) => [label.replaceAll('_', '.'), value]);
  expect(push?.resource).toMatchObject(Object.fromEntries(attributes));
  // Of the process, because a pod may have several.
  expect(push?.resource['service.instance.id']).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
  expect(app.stderr).toBe(`[@org/apm] metrics pushed to ${receiver.url}/v1/metrics every 0.2 s\n`);
});
