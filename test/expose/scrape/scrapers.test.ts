import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { identifyScraper } from '../../../src/expose/scrape/identify-scraper.ts';
import { Scrapers } from '../../../src/expose/scrape/scrapers.ts';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import { SeriesProducer } from '../../../src/metrics/otel/producer.ts';
import { createViews } from '../../../src/metrics/otel/views.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';

/** The metrics of a service, and what each scraper is shown of them. */
function createService(metricNames: 'apm' | 'semconv' = 'apm') {
  const config = { metricNames, metricPrefix: '', buckets: [1], maxPaths: 100, knownMethods: ['GET'] };
  const { kinds, all, active, plain, calls } = createProcessSeries(config);
  const { requests } = plain;
  const exported = new ExportedMetrics(createViews(config), kinds, metricNames === 'semconv');
  const readActive = () => active.read();
  const producer = new SeriesProducer({
    series: all,
    readActive,
    exported,
    temporality: 'cumulative',
    histograms: 'explicit',
  });
  const scrapers = new Scrapers();
  /** The counts by path or host and status. @param isReceived whether the scraper receives the answer */
  const scrape = (id: string | undefined, isReceived = true): Record<string, number> => {
    const { scopes, acknowledge } = scrapers.show(id, producer.read());
    if (isReceived) acknowledge();
    const found: Record<string, number> = {};
    for (const { dataPoints } of scopes.flatMap(({ metrics }) => metrics)) {
      for (const { attributes, value } of dataPoints) {
        const [of, status] =
          metricNames === 'apm' ? ['path', 'status_code'] : ['http.route', 'http.response.status_code'];
        const name = `${attributes[of] ?? attributes.host} ${attributes[status]}`;
        found[name] = typeof value === 'number' ? value : (value as { count: number }).count;
      }
    }
    return found;
  };
  const fail = (path: string, status: number, times = 30) => {
    for (let i = 0; i < times; i++) requests.record(path, 'GET', status, 0.1);
  };
  return { scrape, fail, requests, calls };
}

it('shows a scraper each status of 5xx as 0 once, and everybody else what was counted', () => {
  const { scrape, fail } = createService();
  fail('/a', 200, 1);
  fail('/a', 404, 2);
  fail('/a', 499, 3);
  for (const status of [500, 502, 503, 504]) fail('/a', status);
  const others = { '/a 200': 1, '/a 404': 2, '/a 499': 3, '/a undefined': 126 };
  const counted = { ...others, '/a 500': 30, '/a 502': 30, '/a 503': 30, '/a 504': 30 };
  expect(scrape(undefined)).toEqual(counted);
  expect(scrape('one')).toEqual({ ...others, '/a 500': 0, '/a 502': 0, '/a 503': 0, '/a 504': 0 });
  expect(scrape('one')).toEqual(counted);
});

it('shows no value as 0 on another connection of a scraper that has received it', () => {
  const { scrape, fail } = createService();
  expect([scrape('10.0.0.1 Prometheus/3 0'), scrape('10.0.0.1 Prometheus/3 1')]).toEqual([{}, {}]);
  fail('/a', 500);
  const counted = { '/a 500': 30, '/a undefined': 30 };
  expect(scrape('10.0.0.1 Prometheus/3 0')).toEqual({ ...counted, '/a 500': 0 });
  expect(scrape('10.0.0.1 Prometheus/3 0')).toEqual(counted);
  expect(scrape('10.0.0.1 Prometheus/3 1')).toEqual(counted);
  expect(scrape('10.0.0.2 Prometheus/3 0')).toEqual(counted);
});

it('does so under the names of the conventions, whose histogram has the status too', () => {
  const { scrape, fail } = createService('semconv');
  fail('/a', 503);
  expect(scrape('one')).toEqual({ '/a 503': 0 });
  expect(scrape('one')).toEqual({ '/a 503': 30 });
});

it('shows failing outgoing calls as 0 once', () => {
  const { scrape, calls } = createService();
  for (const status of [200, 404, 503, undefined]) calls.record({ host: 'db', method: 'GET', status }, 0.1);
  expect(scrape('one')).toEqual({ 'db 200': 1, 'db 404': 1, 'db 503': 0, 'db undefined': 0 });
  expect(scrape('one')).toEqual({ 'db 200': 1, 'db 404': 1, 'db 503': 1, 'db undefined': 1 });
});

it('shows the 0 to each of two scrapers, and again to one that did not receive it', () => {
  const { scrape, fail } = createService();
  fail('/a', 500);
  expect(scrape('one', false)['/a 500']).toBe(0);
  expect(scrape('one')['/a 500']).toBe(0);
  expect(scrape('two')['/a 500']).toBe(0);
  expect(scrape('one')['/a 500']).toBe(30);
  expect(scrape('two')['/a 500']).toBe(30);
  fail('/a', 503);
  expect([scrape('two')['/a 503'], scrape('one')['/a 503']]).toEqual([0, 0]);
  expect([scrape('two')['/a 503'], scrape('one')['/a 503']]).toEqual([30, 30]);
});

it('shows a scraper with a new address no 0 of what another has received: its Prometheus would count it twice', () => {
  const { scrape, fail } = createService();
  fail('/a', 500);
  for (let i = 0; i < 2; i++) scrape('10.0.0.1');
  expect(scrape('10.0.0.2')['/a 500']).toBe(30);
  fail('/b', 500);
  expect(scrape('10.0.0.2')).toMatchObject({ '/a 500': 30, '/b 500': 0 });
});

it('shows every value at once to more scrapers than it remembers', () => {
  const { scrape, fail } = createService();
  fail('/a', 500);
  for (let i = 0; i < 32; i++) expect(scrape(String(i))['/a 500']).toBe(0);
  expect(scrape('one more')['/a 500']).toBe(30);
});

it('tells scrapers apart by address, program and connection, and knows one that connects again', () => {
  const connect = (remoteAddress: string) => ({ remoteAddress, destroyed: false });
  const identify = (socket: object, agent = 'Prometheus/3.14', header = 'x-prometheus-scrape-timeout-seconds') =>
    identifyScraper({ headers: { 'user-agent': agent, [header]: '10' }, socket } as unknown as IncomingMessage);
  const [first, second] = [connect('10.9.8.7'), connect('10.9.8.7')];
  expect(identify(first)).toBe('10.9.8.7 Prometheus/3.14 0');
  expect(identify(second)).toBe('10.9.8.7 Prometheus/3.14 1');
  expect(identify(second)).toBe('10.9.8.7 Prometheus/3.14 1');
  first.destroyed = true;
  expect(identify(connect('10.9.8.7'))).toBe('10.9.8.7 Prometheus/3.14 0');
  expect(identify(connect('10.9.8.6'))).toBe('10.9.8.6 Prometheus/3.14 0');
  expect(identify(connect('10.9.8.7'), 'vmagent')).toBe('10.9.8.7 vmagent 0');
  expect(identify(connect('10.9.8.7'), 'curl/8', 'accept')).toBe(undefined);
});
