import { expect, it } from 'vitest';
import { formatCount, formatPercent, formatSeconds } from '../../src/page/browser/text/format.ts';
import { until } from '../support/exposition.ts';
import { openPage, pageErrors } from './support/browser.ts';
import { originOf, startService, tableRows, tiles, untilCounted } from './support/live-page.ts';
import { parseEndpoints } from './support/scraped.ts';
import { repeat, send } from './support/send.ts';
import { exactQuantile, parseSeconds, readDurations } from './support/truth.ts';

/** What the goal for the figures of the page is, with the three digits to which they are rounded. */
const MAX_ERROR = 0.015;
/** The app reads its clock just after this package does. */
const CLOCK_SECONDS = 20e-6;

/** The texts of percentiles that are further from the truth than allowed. */
const errorsOf = (shown: Record<string, [text: string, truths: readonly number[]]>): string[] =>
  Object.entries(shown)
    .filter(([, [text, truths]]) => !truths.some((truth) => isClose(parseSeconds(text), truth)))
    .map(([name, [text, truths]]) => `${name}: ${text} instead of ${truths.map(formatSeconds).join(' or ')}`);

const isClose = (shown: number, truth: number) => Math.abs(shown - truth) <= MAX_ERROR * truth + CLOCK_SECONDS;

const firstLine = (cell: string | undefined) => cell?.split('\n')[0] ?? '';

it('shows figures that are true: counts, percentiles, hidden tails, errors, calls; and says what is unmatched', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await send(service.url(''), [
    ...repeat(194, '/tail?ms=18'),
    // Far above what a request takes on a busy machine.
    ...repeat(6, '/tail?ms=3000'),
    ...repeat(40, '/some?ms=60'),
    ...repeat(10, '/some?ms=60&status=503'),
    ...repeat(30, '/gone?status=404'),
    ...repeat(5, `/calls?call=${encodeURIComponent(service.url('/called'))}`),
  ]);
  await untilCounted(page, 290);
  const shown = Object.fromEntries((await tableRows(page, 'Slowest endpoints')).map((row) => [firstLine(row[0]), row]));
  const tile = await tiles(page);
  const scraped = parseEndpoints(await service.scrape());
  const durations = await readDurations(service);
  const serviceSeconds = Object.values(scraped).reduce((sum, { seconds }) => sum + seconds, 0);

  // The slowest first; without a p99, the one that took most time.
  const bySeconds = Object.keys(scraped).sort((a, b) => (scraped[b]?.seconds ?? 0) - (scraped[a]?.seconds ?? 0));
  expect(bySeconds.length).toBe(5);
  expect(Object.keys(shown)).toEqual(bySeconds);
  for (const [key, { requests, errors, seconds }] of Object.entries(scraped)) {
    const exact = [formatCount(requests), formatPercent(seconds / serviceSeconds), formatPercent(errors / requests)];
    expect([key, shown[key]?.slice(4)]).toEqual([key, exact]);
    const all = durations[key === 'GET unmatched' ? '/gone' : key.slice(4)] as number[];
    expect([key, ...errorsOf({ p50: [firstLine(shown[key]?.[2]), exactQuantile(all, 0.5)] })]).toEqual([key]);
    if (key !== 'GET /tail') expect([key, ...(shown[key]?.slice(1, 2) ?? [])]).toEqual([key, 'too few requests']);
  }
  const tail = durations['/tail'] as number[];
  const all = Object.values(durations).flat();
  expect(
    errorsOf({
      'p99 of GET /tail': [firstLine(shown['GET /tail']?.[1]), exactQuantile(tail, 0.99)],
      'p50 of all': [firstLine(tile.p50), exactQuantile(all, 0.5)],
      'p90 of all': [firstLine(tile.p90), exactQuantile(all, 0.9)],
      'p99 of all': [firstLine(tile.p99), exactQuantile(all, 0.99)],
    }),
  ).toEqual([]);
  expect(shown['GET /tail']?.[1]).toMatch(/\nsmall sample$/);
  const [, slow = '', median = ''] =
    /^GET \/tail\nhidden tail: 3 in 100 requests take about (.+); the median is (.+)$/.exec(
      shown['GET /tail']?.[0] ?? '',
    ) ?? [];
  const [p50, ofTail] = [exactQuantile(tail, 0.5), exactQuantile(tail, 0.985)];
  expect(errorsOf({ tail: [slow, ofTail], median: [median, p50] })).toEqual([]);

  expect(tile).toMatchObject({
    Mean: formatSeconds(serviceSeconds / 290),
    'Error rate (5xx)': `${formatPercent(10 / 290)}\n4xx ${formatPercent(30 / 290)}`,
    'In flight': '0',
  });
  const [called = [], ...others] = await tableRows(page, 'Outgoing calls');
  const host = `127.0.0.1:${new URL(service.url('')).port}`;
  expect([called, others]).toEqual([[host, 'HTTP', '5', 'too few requests', expect.any(String), '0%'], []]);

  const isExplained = () => page.getByText('Requests that no route answered, such as those of scanners.').isVisible();
  await page.getByRole('button', { name: 'GET unmatched', exact: true }).click();
  expect(await isExplained()).toBe(true);
  await page.getByRole('button', { name: 'GET /some', exact: true }).click();
  expect(await isExplained()).toBe(false);
  expect(pageErrors).toEqual([]);
});

interface Spent {
  readonly share: number;
  readonly perRequest: number;
  readonly slow: number;
}

it('shows where the time of an endpoint goes, and how to see it where that is not known', async (test) => {
  const service = await startService({ APM_CONTEXT: 'true', APM_SLOW: '0.7' });
  const page = await openPage(test, await originOf(service));
  const called = encodeURIComponent(service.url('/called?ms=200'));
  // The first call loads Node's fetch, and so takes time of all requests at that moment.
  await send(service.url(''), repeat(1, `/first?call=${called}`));
  await send(service.url(''), [
    ...repeat(10, `/checkout?ms=20&call=${called}`),
    ...repeat(2, `/checkout?ms=800&call=${called}`),
  ]);
  await untilCounted(page, 26);
  await page.getByRole('button', { name: 'GET /checkout', exact: true }).click();
  const rows = await tableRows(page, 'Where the time goes');
  const { '/checkout': durations = [] } = await readDurations(service);
  const seconds = durations.reduce((sum, value) => sum + value, 0);
  const host = `127.0.0.1:${new URL(service.url('')).port}`;
  // Each call takes 200 ms, and the timer before it 20 or 800: 150 ms on average, and less where the event loop is busy.
  const spent = Object.fromEntries(
    rows.map(([name = '', share = '', perRequest = '', slow = '']) => [
      name,
      {
        share: Number.parseFloat(share) / 100,
        perRequest: parseSeconds(perRequest),
        slow: Number.parseFloat(slow) / 100,
      },
    ]),
  );
  expect(rows[0]?.[0]).toBe(host);
  expect(Object.keys(spent).toSorted()).toEqual([host, 'code', 'not measured']);
  const [onCall, onTimer, onCode] = [spent[host], spent['not measured'], spent.code] as [Spent, Spent, Spent];
  expect(onCall.perRequest).toBeGreaterThan(0.19);
  expect(onTimer.perRequest + onCode.perRequest).toBeGreaterThan(0.149);
  const mean = onCall.perRequest + onTimer.perRequest + onCode.perRequest;
  expect(Math.abs(mean - seconds / 12)).toBeLessThan(0.02 * mean);
  expect(Math.abs(onCall.share - onCall.perRequest / mean)).toBeLessThan(0.01);
  // Of a slow request, the timer is four fifths.
  expect(onCall.slow).toBeLessThan(0.4);
  expect(onTimer.slow).toBeGreaterThan(onTimer.share);
  expect(await page.getByText('In requests over 700 ms').isVisible()).toBe(true);
  await page.screenshot({ path: '.cache/screenshots/where-the-time-goes.png', fullPage: true });

  const without = await startService({ APM_CONTEXT: 'false' });
  const other = await openPage(test, await originOf(without));
  await send(without.url(''), repeat(1, '/checkout'));
  await other.getByRole('button', { name: 'GET /checkout', exact: true }).click();
  expect(await other.getByText('Set APM_CONTEXT=true to see it').isVisible()).toBe(true);
  expect(pageErrors).toEqual([]);
});

it('shows durations that buckets do not tell apart: below the first, within one, and above the last; and their sample', async (test) => {
  const service = await startService({ APM_BUCKETS: '.005,.5,1' });
  const page = await openPage(test, await originOf(service));
  await send(service.url(''), [
    ...repeat(100, '/hang?ms=1200'),
    ...repeat(120, '/health'),
    ...repeat(60, '/quick?ms=20'),
    ...repeat(50, '/quick?ms=26'),
  ]);
  await untilCounted(page, 330);
  const rows = Object.fromEntries((await tableRows(page, 'Slowest endpoints')).map((row) => [row[0], row]));
  const durations = await readDurations(service);
  const shown: Parameters<typeof errorsOf>[0] = {};
  for (const path of ['/hang', '/health', '/quick']) {
    const [, p99, p50] = rows[`GET ${path}`] as string[];
    shown[`p99 of ${path}`] = [firstLine(p99), exactQuantile(durations[path] as number[], 0.99)];
    shown[`p50 of ${path}`] = [firstLine(p50), exactQuantile(durations[path] as number[], 0.5)];
  }
  expect(errorsOf(shown)).toEqual([]);
  expect(firstLine(rows['GET /hang']?.[2])).toBe('1.2 s');
  const titles = await page
    .getByRole('region', { name: 'Slowest endpoints' })
    .locator('td[title*="timed requests"]')
    .evaluateAll((all) => all.map((cell) => cell.getAttribute('title')));
  expect(titles.slice(0, 2)).toEqual([
    'From 100 timed requests; at most 2.2% off. Small sample.',
    'From 100 timed requests; at most 2.2% off.',
  ]);
  const chart = page.locator('figure', { hasText: 'Response time' }).locator('.plot').first();
  await until(
    () => chart.getAttribute('aria-label'),
    (label) => /: p99 1\.\d+ s, p90 1\.\d+ s, p50 [\d.]+ ms, mean [\d.]+ m?s\./.test(label ?? ''),
  );
});

it('sorts, filters and opens endpoints by mouse and by keyboard', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await send(service.url(''), [
    ...repeat(100, '/b?ms=1500'),
    ...repeat(120, '/a'),
    ...repeat(110, '/c?ms=500&status=500'),
  ]);
  await untilCounted(page, 330);
  const names = async () =>
    (await tableRows(page, 'Slowest endpoints')).map(([name]) => name?.split('\n')[0]?.slice(4));
  const sorted = () =>
    page
      .getByRole('region', { name: 'Slowest endpoints' })
      .locator('th[aria-sort]:not([aria-sort=none])')
      .evaluateAll((all) =>
        all.map((header) => `${(header as HTMLElement).innerText} ${header.getAttribute('aria-sort')}`),
      );
  expect([await names(), await sorted()]).toEqual([['/b', '/c', '/a'], ['p99 descending']]);
  const header = (name: string) => page.getByRole('columnheader', { name, exact: true }).getByRole('button');
  await header('p99').click();
  expect([await names(), await sorted()]).toEqual([['/a', '/c', '/b'], ['p99 ascending']]);
  await header('Endpoint').click();
  expect([await names(), await sorted()]).toEqual([['/a', '/b', '/c'], ['Endpoint ascending']]);
  await header('Requests').focus();
  await page.keyboard.press('Enter');
  expect([await names(), await sorted()]).toEqual([['/a', '/c', '/b'], ['Requests descending']]);
  await header('Errors').focus();
  await page.keyboard.press('Space');
  expect((await names())[0]).toBe('/c');

  await page.getByLabel('Filter endpoints').fill('get /B');
  expect(await names()).toEqual(['/b']);
  expect(await page.getByText('1 of 3', { exact: true }).count()).toBe(1);
  await page.getByLabel('Filter endpoints').fill('nowhere');
  expect(await page.getByText('No endpoint matches.').isVisible()).toBe(true);
  await page.getByLabel('Filter endpoints').fill('');

  const opener = page.getByRole('button', { name: 'GET /b', exact: true });
  await opener.focus();
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'GET /b' });
  expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
  const { '/b': durations = [] } = await readDurations(service);
  const shown = await tableRows(page, 'Distribution of response times');
  const countWithin = (low: number, high: number) =>
    durations.filter((seconds) => seconds > low && seconds <= high).length;
  expect(shown.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(100);
  for (const [range = '', count] of shown) {
    const [low = 0, high = 0] = range
      .replace(/( p\d\d,?)+$/, '')
      .split(' – ')
      .map(parseSeconds);
    // The bounds are rounded to three digits.
    expect(Number(count)).toBeGreaterThanOrEqual(countWithin(low * 1.005, high * 0.995));
    expect(Number(count)).toBeLessThanOrEqual(countWithin(low * 0.995, high * 1.005));
  }
  expect(shown[0]?.[3]).toBe('100%');
  expect(shown.filter(([range]) => /p50/.test(range ?? '')).length).toBe(1);
  await page.keyboard.press('Escape');
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await heading.isVisible()).toBe(false);

  // An update keeps the order and the focus.
  await send(service.url(''), repeat(1, '/a'));
  // One of them asked the app for the durations.
  await untilCounted(page, 332);
  expect(await sorted()).toEqual(['Errors descending']);
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(pageErrors).toEqual([]);
});
