import { expect, it } from 'vitest';
import { metricsAt } from '../support/app.ts';
import { labels, requests, samples } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { ask, Service } from './group.ts';

const KINDS = ['cluster', 'thread', 'fork'];
const REQUESTS = 20;

it.each(KINDS.flatMap((kind) => NODE_VERSIONS.map((version) => ({ kind, version }))))(
  'merges servers started as $kind into one scrape, on Node $version',
  async ({ kind, version }) => {
    const service = await Service.create();
    const ready = /^all at (.+)$/m;
    const app = await service.start('many-servers.mjs', { env: { KIND: kind }, node: node(version), ready });
    const ports = (await app.waitForOutput(ready))[1]?.split(' ') ?? [];
    expect(ports.length).toBe(3);
    for (const port of ports) await ask(port, REQUESTS);

    const text = await service.merged(3);
    expect(requests(text)).toEqual({ 'GET / 200': 3 * REQUESTS });
    const found = samples(text);
    expect(found['http_duration_count{path="/",method="GET"}']).toBe(3 * REQUESTS);
    expect(found['http_duration_bucket{path="/",method="GET",le="+Inf"}']).toBe(3 * REQUESTS);
    expect(found['http_active_requests{method="GET"}']).toBe(0);
    expect(found.apm_processes_late_total).toBe(0);
    expect(new Set(Object.keys(found)).size).toBe(text.split('\n').filter((line) => /^[^#]/.test(line)).length);
    const targets = Object.keys(found).filter((sample) => sample.startsWith('target_info'));
    expect(targets.map((sample) => labels(sample).service_name)).toEqual([service.name]);
  },
);

it('logs in each process, in one line, where its metrics are', async () => {
  const service = await Service.create();
  const first = await service.start('one-server.mjs');
  await first.waitForOutput(/metrics at/);
  const second = await service.start('one-server.mjs');
  await second.waitForOutput(/metrics at/);
  const url = `http://localhost:${service.port}/metrics`;
  expect(first.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
  expect(second.stderr).toBe(`[@org/apm] ${metricsAt(url)}, served by process ${first.child.pid}\n`);
});

it('describes the metrics about merging with HELP and TYPE', async () => {
  const service = await Service.create();
  await (await service.start('one-server.mjs')).waitForOutput(/metrics at/);
  await (await service.start('one-server.mjs')).waitForOutput(/metrics at/);
  const lines = (await service.merged(2)).split('\n').filter((line) => /apm_processes/.test(line));
  expect(lines).toEqual([
    '# HELP apm_processes Number of processes and threads whose metrics are merged.',
    '# TYPE apm_processes gauge',
    'apm_processes 2',
    '# HELP apm_processes_late_total Number of times a process did not answer a scrape in time.',
    '# TYPE apm_processes_late_total counter',
    'apm_processes_late_total 0',
  ]);
});
