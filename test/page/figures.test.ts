import { expect, it } from 'vitest';
import { formatCount, formatPercent, formatRatio, formatSeconds } from '../../src/page/browser/text/format.ts';
import { until } from '../support/exposition.ts';
import { openPage, pageErrors } from './support/browser.ts';
import { originOf, startService, tableRows, tiles, untilCounted } from './support/live-page.ts';
import { histogramQuantile, parseEndpoints, type ScrapedEndpoint } from './support/scraped.ts';
import { repeat, send } from './support/send.ts';

/** The cells that the page must show for a scraped endpoint. @param serviceSeconds seconds of all endpoints together */
function expectedRow(
  key: string,
  { requests, errors, seconds, buckets }: ScrapedEndpoint,
  serviceSeconds: number,
): string[] {
  const timed = buckets.reduce((sum, [, count]) => sum + count, 0);
  const percentile = (q: number, needed: number): [string, number | undefined] => {
    if (timed < needed) return ['too few requests', undefined];
    const value = histogramQuantile(buckets, q);
    return [`${formatSeconds(value)}${timed < 10 * needed ? '\nsmall sample' : ''}`, value];
  };
  const [[p99, slow], [p50, median]] = [percentile(0.99, 100), percentile(0.5, 2)];
  const ratio = slow === undefined || median === undefined ? '–' : formatRatio(slow / median);
  const hidesTail =
    slow !== undefined && median !== undefined && slow >= 0.1 && slow >= 10 * median && seconds / timed <= slow / 4;
  const note = hidesTail
    ? `\nhidden tail: 1 in 100 requests takes ${formatSeconds(slow)}; the median is ${formatSeconds(median)}`
    : '';
  const share = formatPercent(seconds / serviceSeconds);
  return [key + note, p99, p50, ratio, formatCount(requests), share, formatPercent(errors / requests)];
}

it('shows the same figures as a scrape: counts, percentiles, hidden tails, errors, calls; and says what is unmatched', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await send(service.url(''), [
    ...repeat(196, '/tail?ms=18'),
    ...repeat(4, '/tail?ms=600'),
    ...repeat(40, '/some?ms=60'),
    ...repeat(10, '/some?ms=60&status=503'),
    ...repeat(30, '/gone?status=404'),
    ...repeat(5, `/calls?call=${encodeURIComponent(service.url('/called'))}`),
  ]);
  await untilCounted(page, 290);
  const scraped = parseEndpoints(await service.scrape());
  const serviceSeconds = Object.values(scraped).reduce((sum, { seconds }) => sum + seconds, 0);
  const expected = Object.entries(scraped)
    .map(([key, endpoint]) => ({
      key,
      endpoint,
      p99: endpoint.requests < 100 ? -1 : histogramQuantile(endpoint.buckets, 0.99),
    }))
    .sort((a, b) => b.p99 - a.p99)
    .map(({ key, endpoint }) => expectedRow(key, endpoint, serviceSeconds));
  const shown = await tableRows(page, 'Slowest endpoints');
  expect(shown[0]).toEqual(expected[0]);
  expect([...shown].sort()).toEqual([...expected].sort());
  expect(shown[0]?.[0]).toMatch(
    /^GET \/tail\nhidden tail: 1 in 100 requests takes [\d.]+ m?s; the median is [\d.]+ ms$/,
  );
  expect(Object.keys(scraped).sort()).toEqual(['GET /called', 'GET /calls', 'GET /some', 'GET /tail', 'GET unmatched']);

  const tile = await tiles(page);
  const buckets = Object.values(scraped).reduce<[number, number][]>(
    (sum, { buckets }) => buckets.map(([le, count], i) => [le, count + (sum[i]?.[1] ?? 0)]),
    [],
  );
  expect(tile).toMatchObject({
    p99: `${formatSeconds(histogramQuantile(buckets, 0.99))}\nsmall sample`,
    p90: formatSeconds(histogramQuantile(buckets, 0.9)),
    p50: formatSeconds(histogramQuantile(buckets, 0.5)),
    Mean: formatSeconds(serviceSeconds / 290),
    'Error rate (5xx)': `${formatPercent(10 / 290)}\n4xx ${formatPercent(30 / 290)}`,
    'In flight': '0',
  });
  const hosts = await tableRows(page, 'Outgoing calls by host');
  expect(hosts).toEqual([[expect.stringMatching(/^127\.0\.0\.1:\d+$/), '5', 'too few requests', '0%']]);

  const isExplained = () => page.getByText('Requests that no route answered, such as those of scanners.').isVisible();
  await page.getByRole('button', { name: 'GET unmatched', exact: true }).click();
  expect(await isExplained()).toBe(true);
  await page.getByRole('button', { name: 'GET /some', exact: true }).click();
  expect(await isExplained()).toBe(false);
  expect(pageErrors).toEqual([]);
});

it('shows no number above the top bucket bound, and the bounds of a percentile in its tooltip', async (test) => {
  const service = await startService({ APM_BUCKETS: '.005,.5,1' });
  const page = await openPage(test, await originOf(service));
  await send(service.url(''), [...repeat(100, '/slow?ms=1100'), ...repeat(30, '/quick?ms=20')]);
  await untilCounted(page, 130);
  const all = await tableRows(page, 'Slowest endpoints');
  expect(all.map(([name, p99, p50]) => [name, p99, p50])).toEqual([
    ['GET /slow', 'over 1 s\nsmall sample', 'over 1 s'],
    ['GET /quick', 'too few requests', expect.stringMatching(/^\d+(\.\d+)? ms$/)],
  ]);
  const titles = await page
    .getByRole('region', { name: 'Slowest endpoints' })
    .locator('td[title*="requests"]')
    .evaluateAll((all) => all.map((cell) => cell.getAttribute('title')));
  expect(titles).toEqual([
    'Above the top bucket bound 1 s, from 100 requests. Small sample.',
    'Above the top bucket bound 1 s, from 100 requests.',
    '30 timed requests; at least 100 needed.',
    'Between 5 ms and 500 ms, from 30 requests.',
  ]);
  // The chart draws the line at the top bound, but its legend must not show that bound as the value. The mean is known.
  const chart = page.locator('figure', { hasText: 'Response time' }).locator('.plot').first();
  await until(
    () => chart.getAttribute('aria-label'),
    (label) => /: p99 over 1 s, p90 over 1 s, p50 over 1 s, mean [\d.]+ m?s\./.test(label ?? ''),
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
  const { 'GET /b': scraped } = parseEndpoints(await service.scrape());
  const filled = scraped?.buckets.filter(([, count]) => count > 0);
  const shown = (await tableRows(page, 'Distribution of response times')).filter(([, count]) => count !== '0');
  expect(shown.map(([range, count]) => [range?.split(' – ')[1], count])).toEqual(
    filled?.map(([upperBound, count]) => [formatSeconds(upperBound), String(count)]),
  );
  await page.keyboard.press('Escape');
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await heading.isVisible()).toBe(false);

  // An update keeps the order and the focus.
  await send(service.url(''), repeat(1, '/a'));
  await untilCounted(page, 331);
  expect(await sorted()).toEqual(['Errors descending']);
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(pageErrors).toEqual([]);
});
