import type { Page } from 'playwright-core';
import { expect, it, type TestContext } from 'vitest';
import type { Counters, PageData } from '../../src/page/protocol.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { countersOf, pageData } from './model/page-data.ts';
import { findViolations } from './support/accessibility.ts';
import { openPage, openWindow, pageErrors, WAIT_OPTIONS } from './support/browser.ts';
import { originOf, startService, tableRows, untilCounted } from './support/live-page.ts';
import { repeat, send } from './support/send.ts';

const setMark = async (page: Page, name: string) => {
  await page.getByLabel('Mark name').fill(name);
  await page.getByRole('button', { name: 'Set mark' }).click();
};

/** Fifty requests around a median, which differ a little from one interval to the next. */
const around = (median: number, i: number): Counters =>
  countersOf(Array.from({ length: 50 }, (_, n) => median * (0.5 + ((n * 37 + i * 11) % 53) / 53)));

/** Intervals of a service, of which one endpoint takes this long. */
const intervalsOf = (seconds: number, count: number, first: number) =>
  Array.from({ length: count }, (_, i) => ({
    'GET /quote': around(seconds, first + i),
    'GET /steady': around(0.01, first + i),
  }));

/**
 * A page that is told of minutes within a second: the service serves the page, and its data are these.
 * @returns `run`, which lets the service run on
 */
async function openQuickPage(test: TestContext, options: Parameters<typeof openWindow>[1] = {}) {
  const window = await openWindow(test, options);
  const intervals: Readonly<Record<string, Counters>>[] = [];
  const run = (seconds: number, count: number) => void intervals.push(...intervalsOf(seconds, count, intervals.length));
  await window.route('**/page/data*', (route) => {
    const after = Number(new URL(route.request().url()).searchParams.get('after')?.split('.')[1] ?? 0);
    const now = 1.7e12 + 5_000 * intervals.length;
    const next = { next: `one.${intervals.length}`, every: 500, now, uptime: 5 * intervals.length };
    const data = pageData(intervals, next, 1.7e12);
    const numbered = data.intervals.map((interval, i) => ({ ...interval, first: i + 1, last: i + 1 }));
    return route.fulfill({ json: { ...data, intervals: numbered.slice(after) } satisfies PageData });
  });
  const page = await window.newPage();
  return { page, run, open: async () => page.goto(await originOf(await startService())) };
}

it('compares before and after a mark, copies the result as Markdown, and keeps the mark', async (test) => {
  const { page, run, open } = await openQuickPage(test, { permissions: ['clipboard-read', 'clipboard-write'] });
  run(0.02, 60);
  await open();
  await page.getByRole('heading', { name: 'Charts' }).waitFor(WAIT_OPTIONS);
  await setMark(page, 'new | index');
  await page.getByText('Nothing to compare yet.').waitFor(WAIT_OPTIONS);
  run(0.015, 2);
  const table = () => tableRows(page, 'Before and after');
  const [, early] = await until(table, (rows) => rows.length === 3);
  expect(early?.[1]).toMatch(/^[\d.]+ ms → [\d.]+ ms\ntoo short$/);
  expect(await page.getByText(/^after: /).innerText()).toMatch(
    /^after: [\d:]+ – [\d:]+, 10 s\. Needed: 60 s; the comparison goes on by itself\.$/,
  );
  run(0.015, 58);
  const rows = await until(table, (rows) => rows[1]?.[0] === 'GET /quote\n3,000 → 2,400 requests');
  expect(rows.map(([name]) => name)).toEqual([
    'All endpoints\n6,000 → 4,800 requests',
    'GET /quote\n3,000 → 2,400 requests',
    'GET /steady\n3,000 → 2,400 requests',
  ]);
  const faster = expect.stringMatching(/^[\d.]+ ms → [\d.]+ ms\nfaster: −2\d% \(−[23]\d% to −[12]\d%\)$/);
  expect(rows[1]?.slice(1)).toEqual([faster, faster, faster, faster, '0% → 0%', '0% → 0%']);
  // Colour is for what changed, and for nothing else.
  const tones = await page
    .locator('table.stacked tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => Array.from((row as HTMLTableRowElement).cells, ({ className }) => className).slice(1)),
    );
  expect(tones.slice(1)).toEqual([
    ['good', 'good', 'good', 'good', '', ''],
    ['', '', '', '', '', ''],
  ]);

  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied.').waitFor(WAIT_OPTIONS);
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  const cells = rows[1]?.slice(1).map((cell) => cell.replace('\n', '; '));
  expect(lines.find((line) => line.includes('GET /quote'))).toBe(
    `| \`GET /quote\` | 3,000 → 2,400 | ${cells?.join(' | ')} |`,
  );
  expect(lines[0]).toBe('**shop: new | index**');

  await page.reload();
  await until(table, (again) => again[1]?.[0] === rows[1]?.[0]);
  expect((await table())[1]).toEqual(rows[1]);
  expect(pageErrors).toEqual([]);
});

it('compares in Korean, and arranges the measures of an endpoint in a narrow window', async (test) => {
  const viewport = { width: 390, height: 844 };
  const { page, run, open } = await openQuickPage(test, { locale: 'ko-KR', viewport });
  run(0.015, 60);
  await open();
  await page.getByRole('heading', { name: '차트' }).waitFor(WAIT_OPTIONS);
  await page.getByRole('button', { name: '표시 추가' }).click();
  run(0.02, 60);
  const rows = await until(
    () => tableRows(page, '전후 비교'),
    (rows) => rows[1]?.[0]?.includes('3,000 → 2,400') === true,
  );
  expect(rows[1]?.slice(0, 2)).toEqual([
    'GET /quote\n요청 3,000 → 2,400건',
    expect.stringMatching(/^[\d.]+ ms → [\d.]+ ms\n느려짐: \+3\d% \(\+\d\d% ~ \+\d\d%\)$/),
  ]);
  const table = page.getByRole('region', { name: '전후 비교' });
  expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  // Screen readers still find a table, and each measure is named beside its value.
  const row = table.getByRole('row', { name: 'GET /quote' });
  expect(await row.getByRole('cell').count()).toBe(6);
  const names = await row
    .getByRole('cell')
    .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content));
  expect(names).toEqual(['"p50"', '"p90"', '"p99"', '"평균"', '"500 ms 초과"', '"5xx"']);
  expect(await findViolations(page)).toEqual([]);
  expect(pageErrors).toEqual([]);
});

it('shows the Markdown in a text field when the browser does not allow copying', async (test) => {
  const { page, run, open } = await openQuickPage(test);
  run(0.02, 2);
  await open();
  await page.getByRole('heading', { name: 'Charts' }).waitFor(WAIT_OPTIONS);
  await setMark(page, 'deploy');
  // Browsers have no clipboard on a page that was loaded over HTTP from another machine.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  run(0.02, 2);
  await page.getByRole('row', { name: 'GET /quote' }).last().waitFor(WAIT_OPTIONS);
  // There is nothing to copy before the first interval after the mark has ended.
  await until(
    async () => {
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      const field = page.getByLabel('Copy this text:');
      return (await field.isVisible()) ? field.inputValue() : '';
    },
    (text) => text.startsWith('**shop: deploy**\n'),
  );
  expect(pageErrors).toEqual([]);
});

it('shares its marks among all tabs', async (test) => {
  const service = await startService();
  const one = await openPage(test, await originOf(service));
  const other = await one.context().newPage();
  await other.goto(await originOf(service));
  const names = (page: Page) =>
    page.locator('#mark-select option').evaluateAll((all) => all.map(({ textContent }) => textContent?.split(' ')[0]));
  const untilMarks = async (...expected: string[]) => {
    for (const page of [one, other]) {
      await until(
        () => names(page),
        (found) => found.join() === expected.join(),
      );
    }
  };
  for (const page of [one, other]) await page.getByRole('heading', { name: 'Charts' }).waitFor(WAIT_OPTIONS);
  await setMark(one, 'first');
  await untilMarks('first');
  await setMark(other, 'second');
  await untilMarks('first', 'second');
  await other.getByRole('button', { name: 'Remove mark' }).click();
  await untilMarks('first');
  // A tab saves its marks when it is closed; these must be the shared ones.
  await one.reload();
  await other.reload();
  await untilMarks('first');
  await one.getByRole('button', { name: 'Remove mark' }).click();
  await untilMarks();
  expect(await one.getByRole('button', { name: 'Remove mark' }).isVisible()).toBe(false);
  expect(pageErrors).toEqual([]);
});

it.for(['open', 'closed'])('marks a new version of the service, with the page %s meanwhile', async (how, test) => {
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(), OTEL_SERVICE_NAME: 'shop' };
  const start = (version: string) => startService({ ...env, OTEL_RESOURCE_ATTRIBUTES: `service.version=${version}` });
  const first = await start('1.4.0');
  const origin = await originOf(first);
  let page = await openPage(test, origin);
  await send(first.url(''), repeat(30, '/old'));
  await untilCounted(page, 30);
  if (how === 'closed') {
    const window = page.context();
    await page.close({ runBeforeUnload: true });
    await first.kill();
    page = await window.newPage();
  } else await first.kill();
  const second = await start('1.5.0');
  await second.metricsUrl();
  if (how === 'closed') await page.goto(origin);
  await send(second.url(''), repeat(30, '/old'));
  const select = page.getByLabel('Compare at mark');
  await select.waitFor(WAIT_OPTIONS);
  expect(await select.innerText()).toMatch(/^1\.4\.0 → 1\.5\.0 \(\d\d:\d\d:\d\d\)$/);
  await until(
    () => tableRows(page, 'Before and after'),
    (rows) => rows[1]?.[0] === 'GET /old\n30 → 30 requests',
  );
  expect(await page.getByText('version 1.5.0').isVisible()).toBe(true);
});
