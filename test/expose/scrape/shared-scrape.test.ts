import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createScrapeHandler, routeByPath } from '../../../src/expose/scrape/handler.ts';
import { createScraper } from '../../../src/expose/scrape/scrape.ts';
import { get } from '../get.ts';

const EMPTY: ResourceMetrics = { resource: resourceFromAttributes({}), scopeMetrics: [] };
const createCollection = (metrics = EMPTY) => ({ metrics, acknowledge: vi.fn() });

async function serve(scrape: ReturnType<typeof createScraper>): Promise<string> {
  const server = createServer(
    routeByPath(
      '/metrics',
      createScrapeHandler((scraper) => scrape(scraper), undefined),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

it('collects once for all requests that arrive during a collection, and again after it', async () => {
  const collect = vi.fn(async () => createCollection());
  const scrape = createScraper(collect);
  const together = await Promise.all(Array.from({ length: 100 }, () => scrape()));
  expect(collect).toHaveBeenCalledTimes(1);
  expect(new Set(together.map(({ pieces }) => pieces)).size).toBe(1);
  await scrape();
  expect(collect).toHaveBeenCalledTimes(2);
});

it('acknowledges a scrape only after a client has received all of it', async () => {
  const first = createCollection();
  const url = await serve(createScraper(async () => first));
  expect((await get(url, { method: 'HEAD' })).status).toBe(200);
  expect(first.acknowledge).not.toHaveBeenCalled();
  for (const encoding of ['identity', 'gzip']) {
    expect((await get(url, { headers: { 'Accept-Encoding': encoding } })).status).toBe(200);
  }
  await vi.waitUntil(() => first.acknowledge.mock.calls.length === 2);
});

it('lets other work run during a long scrape', async () => {
  const counter = vi.fn();
  const reader = new (class extends MetricReader {
    protected override async onForceFlush() {}
    protected override async onShutdown() {}
  })({ cardinalitySelector: () => 1e6 });
  const instrument = new MeterProvider({ readers: [reader] }).getMeter('app').createHistogram('h');
  for (let i = 0; i < 10_000; i++) instrument.record(i, { i });
  const { resourceMetrics } = await reader.collect();
  let isDone = false;
  const otherWork = () => {
    counter();
    if (!isDone) setImmediate(otherWork);
  };
  otherWork();
  await createScraper(async () => createCollection(resourceMetrics))();
  isDone = true;
  // The scrape takes about 40 ms, and yields every few milliseconds.
  expect(counter.mock.calls.length).toBeGreaterThan(3);
});

it('answers 500 and logs the cause once when collecting fails, and recovers', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  let broken = true;
  const scrape = createScraper(async () => {
    if (broken) throw new Error('no metrics');
    return createCollection();
  });
  const url = await serve(scrape);
  for (let i = 0; i < 3; i++) {
    expect(await get(url)).toMatchObject({
      status: 500,
      text: 'Failed to collect the metrics; the log of the application has the cause.\n',
    });
  }
  expect(log).toHaveBeenCalledTimes(1);
  expect(log.mock.calls[0]?.[0]).toContain('Error: no metrics\n');
  broken = false;
  expect((await get(url)).status).toBe(200);
});
