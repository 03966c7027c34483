import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { count, seconds, share, times } from '../../src/page/browser/format.ts';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { complaints, openPage, rows, tiles } from './support/browser.ts';
import { endpoints, histogramQuantile, type Scraped } from './support/scraped.ts';
import { times as repeat, send } from './support/send.ts';

const APP = 'test/apps/page/app.mjs';
const shownRequests = async (page: Page) => (await tiles(page))['Requests per second']?.match(/([\d,]+) Requests/)?.[1];

/** Waits until the page has this many requests. */
const shows = (page: Page, requests: number) =>
  until(
    () => shownRequests(page),
    (shown) => shown === count(requests),
    30,
  );

/** The row of an endpoint, as it must be shown for what was scraped of it. */
function row(key: string, { requests, errors, sum, buckets }: Scraped, all: number): string[] {
  const timed = buckets.reduce((sum, [, count]) => sum + count, 0);
  const at = (q: number, needed: number): [string, number | undefined] => {
    if (timed < needed) return ['too few requests', undefined];
    const value = histogramQuantile(buckets, q);
    return [`${seconds(value)}${timed < 10 * needed ? '\nsmall sample' : ''}`, value];
  };
  const [[p99, slow], [p50, half]] = [at(0.99, 100), at(0.5, 2)];
  const gap = slow === undefined || half === undefined ? '–' : times(slow / half);
  const isMarked =
    slow !== undefined && half !== undefined && slow >= 0.1 && slow >= 10 * half && sum / timed <= slow / 4;
  const words = isMarked ? `\nhidden tail: 1 in 100 waits ${seconds(slow)}, half wait ${seconds(half)}` : '';
  return [key + words, p99, p50, gap, count(requests), share(sum / all), share(errors / requests)];
}

it('shows what was sent, as a scrape has it: counts, percentiles, tails, errors, calls', async (test) => {
  const app = await startApp(APP);
  const url = await app.metricsUrl();
  const page = await openPage(test, new URL(url).origin);
  await send(app.url(''), [
    ...repeat(196, '/tail?ms=18'),
    ...repeat(4, '/tail?ms=600'),
    ...repeat(40, '/some?ms=60'),
    ...repeat(10, '/some?ms=60&status=503'),
    ...repeat(30, '/gone?status=404'),
    ...repeat(5, `/calls?call=${encodeURIComponent(app.url('/called'))}`),
  ]);
  await shows(page, 290);
  const scraped = endpoints(await app.scrape());
  const all = Object.values(scraped).reduce((sum, one) => sum + one.sum, 0);
  const expected = Object.entries(scraped)
    .map(([key, one]) => ({ key, one, p99: one.requests < 100 ? -1 : histogramQuantile(one.buckets, 0.99) }))
    .sort((a, b) => b.p99 - a.p99)
    .map(({ key, one }) => row(key, one, all));
  const shown = await rows(page, 'Slowest endpoints');
  expect(shown[0]).toEqual(expected[0]);
  expect([...shown].sort()).toEqual([...expected].sort());
  expect(shown[0]?.[0]).toMatch(/^GET \/tail\nhidden tail: 1 in 100 waits \d+ ms, half wait \d+(\.\d+)? ms$/);
  expect(Object.keys(scraped).sort()).toEqual(['GET /called', 'GET /calls', 'GET /some', 'GET /tail', 'GET unmatched']);

  const tile = await tiles(page);
  const service = Object.values(scraped).reduce<[number, number][]>(
    (sum, { buckets }) => buckets.map(([le, count], i) => [le, count + (sum[i]?.[1] ?? 0)]),
    [],
  );
  expect(tile).toMatchObject({
    p99: `${seconds(histogramQuantile(service, 0.99))}\nsmall sample`,
    p90: seconds(histogramQuantile(service, 0.9)),
    p50: seconds(histogramQuantile(service, 0.5)),
    Mean: seconds(all / 290),
    'Error rate (5xx)': `${share(10 / 290)}\n4xx ${share(30 / 290)}`,
    'Being answered now': '0',
  });
  const hosts = await rows(page, 'Outgoing calls by host');
  expect(hosts).toEqual([['127.0.0.1', '5', 'too few requests', '0%']]);
  expect(complaints).toEqual([]);
});

it('invents no number above the top bound, and says on hover between which bounds one is', async (test) => {
  const app = await startApp(APP, { env: { APM_BUCKETS: '.005,.05,.1' } });
  const page = await openPage(test, new URL(await app.metricsUrl()).origin);
  await send(app.url(''), [...repeat(100, '/slow?ms=150'), ...repeat(30, '/quick?ms=20')]);
  await shows(page, 130);
  const all = await rows(page, 'Slowest endpoints');
  expect(all.map(([name, p99, p50]) => [name, p99, p50])).toEqual([
    ['GET /slow', 'over 100 ms\nsmall sample', 'over 100 ms'],
    ['GET /quick', 'too few requests', expect.stringMatching(/^\d+(\.\d+)? ms$/)],
  ]);
  const titles = await page
    .getByRole('region', { name: 'Slowest endpoints' })
    .locator('td[title*="requests"]')
    .evaluateAll((all) => all.map((cell) => cell.getAttribute('title')));
  expect(titles).toEqual([
    'Above the top bound, 100 ms; of 100 requests. Small sample.',
    'Above the top bound, 100 ms; of 100 requests.',
    '30 requests with a duration; it takes 100.',
    'Between 5 ms and 50 ms; of 30 requests.',
  ]);
  // The chart has to draw it somewhere, and does not say that this is its value. The mean is known.
  const chart = page.locator('figure', { hasText: 'Response time' }).locator('.plot').first();
  await until(
    () => chart.getAttribute('aria-label'),
    (label) => /: p99 over 100 ms, p90 over 100 ms, p50 over 100 ms, mean 1\d\d ms\./.test(label ?? ''),
  );
});

it('sorts, filters, and opens an endpoint, by mouse and by keyboard', async (test) => {
  const app = await startApp(APP);
  const page = await openPage(test, new URL(await app.metricsUrl()).origin);
  await send(app.url(''), [...repeat(100, '/b?ms=700'), ...repeat(120, '/a'), ...repeat(110, '/c?ms=250&status=500')]);
  await shows(page, 330);
  const names = async () => (await rows(page, 'Slowest endpoints')).map(([name]) => name?.split('\n')[0]?.slice(4));
  const sorted = () =>
    page
      .getByRole('region', { name: 'Slowest endpoints' })
      .locator('th[aria-sort]:not([aria-sort=none])')
      .evaluateAll((all) =>
        all.map((header) => `${(header as HTMLElement).innerText} ${header.getAttribute('aria-sort')}`),
      );
  expect([await names(), await sorted()]).toEqual([['/b', '/c', '/a'], ['p99 descending']]);
  const by = (name: string) => page.getByRole('columnheader', { name, exact: true }).getByRole('button');
  await by('p99').click();
  expect([await names(), await sorted()]).toEqual([['/a', '/c', '/b'], ['p99 ascending']]);
  await by('Endpoint').click();
  expect([await names(), await sorted()]).toEqual([['/a', '/b', '/c'], ['Endpoint ascending']]);
  await by('Requests').focus();
  await page.keyboard.press('Enter');
  expect([await names(), await sorted()]).toEqual([['/a', '/c', '/b'], ['Requests descending']]);
  await by('Errors').focus();
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
  const [, one] = Object.entries(endpoints(await app.scrape())).find(([key]) => key === 'GET /b') as [string, Scraped];
  const held = one.buckets.filter(([, count]) => count > 0);
  const shown = (await rows(page, 'Distribution of response times')).filter(([, count]) => count !== '0');
  expect(shown.map(([range, count]) => [range?.split(' – ')[1], count])).toEqual(
    held.map(([le, count]) => [seconds(le), String(count)]),
  );
  await page.keyboard.press('Escape');
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await heading.isVisible()).toBe(false);

  // Still so after an update.
  await send(app.url(''), repeat(1, '/a'));
  await shows(page, 331);
  expect(await sorted()).toEqual(['Errors descending']);
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(complaints).toEqual([]);
});
