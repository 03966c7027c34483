import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished, vi } from 'vitest';
import { onPath, scrapeHandler } from '../../../src/expose/scrape/handler.ts';
import { scraper } from '../../../src/expose/scrape/scrape.ts';
import { get } from '../get.ts';

const EMPTY: ResourceMetrics = { resource: resourceFromAttributes({}), scopeMetrics: [] };

it('makes one scrape for all who ask while it is being made, and a new one for who asks then', async () => {
  const collect = vi.fn(async () => EMPTY);
  const scrape = scraper(collect);
  const together = await Promise.all(Array.from({ length: 100 }, () => scrape()));
  expect(collect).toHaveBeenCalledTimes(1);
  expect(new Set(together).size).toBe(1);
  await scrape();
  expect(collect).toHaveBeenCalledTimes(2);
});

it('lets others run while it makes a long one', async () => {
  const counter = vi.fn();
  const reader = new (class extends MetricReader {
    protected override async onForceFlush() {}
    protected override async onShutdown() {}
  })({ cardinalitySelector: () => 1e6 });
  const instrument = new MeterProvider({ readers: [reader] }).getMeter('app').createHistogram('h');
  for (let i = 0; i < 10_000; i++) instrument.record(i, { i });
  const { resourceMetrics } = await reader.collect();
  let over = false;
  const others = () => {
    counter();
    if (!over) setImmediate(others);
  };
  others();
  await scraper(async () => resourceMetrics)();
  over = true;
  // Some 40 ms of work: every few milliseconds the others had their turn.
  expect(counter.mock.calls.length).toBeGreaterThan(3);
});

it('answers 500 and says why, once, where nothing can be collected; and recovers', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  let broken = true;
  const scrape = scraper(async () => {
    if (broken) throw new Error('no metrics');
    return EMPTY;
  });
  const server = createServer(onPath('/metrics', scrapeHandler(scrape, undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  for (let i = 0; i < 3; i++) {
    expect(await get(url)).toMatchObject({
      status: 500,
      text: 'The metrics could not be collected; the log says why.\n',
    });
  }
  expect(said).toHaveBeenCalledTimes(1);
  expect(said.mock.calls[0]?.[0]).toMatch(
    /^\[@org\/apm\] failed to answer a scrape; the application is not affected: Error: no metrics\n/,
  );
  broken = false;
  expect((await get(url)).status).toBe(200);
});
