import { expect, it } from 'vitest';
import { metricsAt } from '../support/app.ts';
import { labels, requests, samples } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { ask, Service } from './group.ts';

const KINDS = ['cluster', 'thread', 'fork'];
const EACH = 20;

it.each(KINDS.flatMap((kind) => NODE_VERSIONS.map((version) => ({ kind, version }))))(
  'scrapes servers started as $kind as one, on Node $version',
  async ({ kind, version }) => {
    const service = await Service.create();
    const ready = /^all at (.+)$/m;
    const app = await service.start('many.mjs', { env: { KIND: kind }, node: node(version), ready });
    const ports = (await app.said(ready))[1]?.split(' ') ?? [];
    expect(ports.length).toBe(3);
    for (const port of ports) await ask(port, EACH);

    const text = await service.merged(3);
    expect(requests(text)).toEqual({ 'GET / 200': 3 * EACH });
    const found = samples(text);
    expect(found['http_duration_count{path="/",method="GET"}']).toBe(3 * EACH);
    expect(found['http_duration_bucket{path="/",method="GET",le="+Inf"}']).toBe(3 * EACH);
    expect(found['http_active_requests{method="GET"}']).toBe(0);
    expect(found.apm_processes_late_total).toBe(0);
    expect(new Set(Object.keys(found)).size).toBe(text.split('\n').filter((line) => /^[^#]/.test(line)).length);
    const targets = Object.keys(found).filter((sample) => sample.startsWith('target_info'));
    expect(targets.map((sample) => labels(sample).service_name)).toEqual([service.name]);
  },
);

it('says in one line of each process where its metrics are', async () => {
  const service = await Service.create();
  const first = await service.start('one.mjs');
  await first.said(/metrics at/);
  const second = await service.start('one.mjs');
  await second.said(/metrics at/);
  const url = `http://localhost:${service.port}/metrics`;
  expect(first.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
  expect(second.stderr).toBe(`[@org/apm] ${metricsAt(url)}, served by process ${first.child.pid}\n`);
});

it('keeps what a process has counted when it ends, however soon after', async () => {
  const service = await Service.create();
  await (await service.start('one.mjs')).said(/metrics at/);
  let total = 0;
  for (const end of ['/exit', '/close', '/exit']) {
    const member = await service.start('one.mjs');
    await member.said(/served by/);
    await ask(member.port, 7);
    await ask(member.port, 1, end);
    expect(await member.exit).toEqual({ code: 0, signal: null });
    total += 7;
  }
  const ends = { 'GET /close 200': 1, 'GET /exit 200': 2 };
  expect(requests(await service.merged(1))).toEqual({ 'GET / 200': total, ...ends });
});

it('loses nothing in a rolling restart, in which the scraped process ends before anybody has seen its last requests', async () => {
  const service = await Service.create();
  const old = await service.start('one.mjs');
  await old.said(/metrics at/);
  const other = await service.start('one.mjs');
  await other.said(/served by/);
  await ask(old.port, 3);
  expect(requests(await service.merged(2))).toEqual({ 'GET / 200': 3 });

  const young = await service.start('one.mjs');
  await young.said(/served by/);
  for (const [app, times] of [
    [other, 7],
    [old, 5],
  ] as const) {
    await ask(app.port, times);
    await ask(app.port, 1, '/exit');
    expect(await app.exit).toEqual({ code: 0, signal: null });
  }
  await ask(young.port, 11);
  await young.said(/the process that was scraped has ended; metrics are at/);
  // What was shown before is not shown again, so that counters that begin anew add up to the truth.
  expect(requests(await service.merged(1))).toEqual({ 'GET / 200': 23, 'GET /exit 200': 2 });
});

it('gives the next free port to another service, which says so', async () => {
  const [shop, pay] = [await Service.create(), await Service.create()];
  const first = await shop.start('one.mjs');
  await first.said(/metrics at/);
  const second = await shop.start('one.mjs', { env: { OTEL_SERVICE_NAME: pay.name } });
  const url = await second.metricsUrl();
  expect(Number(new URL(url).port)).toBeGreaterThan(Number(shop.port));
  await ask(first.port, 2);
  await ask(second.port, 3);
  expect(requests(await shop.scrape())).toEqual({ 'GET / 200': 2 });
  expect(requests(await second.scrape())).toEqual({ 'GET / 200': 3 });
  expect(second.stderr).toContain(
    `[@org/apm] port ${shop.port} is in use by another program: metrics at ${new URL(url).origin} instead`,
  );

  // Its own second process finds it there.
  const third = await shop.start('one.mjs', { env: { OTEL_SERVICE_NAME: pay.name } });
  await third.said(new RegExp(`metrics at ${url} .*, served by process ${second.child.pid}`));
  await ask(third.port, 4);
  expect(requests(await second.scrape())).toEqual({ 'GET / 200': 7 });
});

it('keeps services of one name apart that say to be of another namespace or environment', async () => {
  const service = await Service.create();
  const of = (attributes: string) => service.start('one.mjs', { env: { OTEL_RESOURCE_ATTRIBUTES: attributes } });
  const live = await of('service.namespace=a,deployment.environment.name=production,service.version=1');
  await live.said(/metrics at/);
  const others = [
    await of('service.namespace=b,deployment.environment.name=production'),
    await of('service.namespace=a,deployment.environment.name=staging'),
  ];
  for (const other of others) {
    await ask(other.port, 1);
    expect(requests(await other.scrape())).toEqual({ 'GET / 200': 1 });
  }
  // Another version of the same is the same: so it is while one takes the other's place.
  const next = await of('service.namespace=a,deployment.environment.name=production,service.version=2');
  await next.said(/served by/);
  await ask(live.port, 1);
  await ask(next.port, 2);
  expect(requests(await service.merged(2))).toEqual({ 'GET / 200': 3 });
});
