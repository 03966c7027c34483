import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { openPage, pageErrors, WAIT_OPTIONS } from './support/browser.ts';
import { originOf, startService, tableRows, untilCounted } from './support/live-page.ts';
import { repeat, send } from './support/send.ts';

/** Sends requests in five intervals, because a comparison needs five batches. @returns how many the page has counted */
async function sendFiveBatches(page: Page, base: string, url: string, counted: number): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await send(base, repeat(20, url));
    counted += 20;
    await untilCounted(page, counted);
  }
  return counted;
}

const setMark = async (page: Page, name: string) => {
  await page.getByLabel('Mark name').fill(name);
  await page.getByRole('button', { name: 'Set mark' }).click();
};

// Ten batches of five seconds take most of a minute.
it('compares before and after a mark, copies the result as Markdown, and keeps the mark', async (test) => {
  const service = await startService();
  const permissions = { permissions: ['clipboard-read', 'clipboard-write'] };
  const page = await openPage(test, await originOf(service), permissions);
  let counted = await sendFiveBatches(page, service.url(''), '/quote?ms=2', 0);
  await setMark(page, 'new | index');
  await page.getByText('Nothing to compare yet.').waitFor(WAIT_OPTIONS);
  await fetch(service.url('/delay?ms=600'), { method: 'POST' });
  counted++;
  counted = await sendFiveBatches(page, service.url(''), '/quote?ms=2', counted);
  const table = () => tableRows(page, 'Before and after');
  const [quote] = await until(table, (rows) => rows[0]?.[1] === '100 → 100');
  expect(quote).toEqual([
    'GET /quote',
    '100 → 100',
    expect.stringMatching(
      /^[\d.]+ ms → [\d.]+ m?s\nslower: \+[\d,]+% \((at least \+[\d,]+%|\+[\d,]+% to \+[\d,]+%)\)$/,
    ),
    expect.stringMatching(/^[\d.]+ ms → [\d.]+ m?s\nslower: .*$/),
    expect.stringMatching(/^[\d.]+ ms → [\d.]+ m?s\ntoo few requests: each batch needs 100$/),
  ]);

  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied.').waitFor(WAIT_OPTIONS);
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  const cells = quote?.slice(2).map((cell) => cell.replace('\n', '; '));
  expect(lines.find((line) => line.includes('GET /quote'))).toBe(
    `| \`GET /quote\` | 100 → 100 | ${cells?.join(' | ')} |`,
  );
  expect(lines[0]).toBe(`**${await page.getByRole('heading', { level: 1 }).innerText()}: new | index**`);

  await page.reload();
  await until(table, (rows) => rows[0]?.[1] === '100 → 100');
  expect(pageErrors).toEqual([]);
}, 120_000);

it('shows the Markdown in a text field when the browser does not allow copying', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await page.getByRole('heading', { name: 'Charts' }).waitFor(WAIT_OPTIONS);
  await setMark(page, 'deploy');
  // Browsers have no clipboard on a page that was loaded over HTTP from another machine.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  const heading = `**${await page.getByRole('heading', { level: 1 }).innerText()}: deploy**`;
  // There is nothing to copy before the first interval after the mark has ended.
  await until(
    async () => {
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      const field = page.getByLabel('Copy this text:');
      return (await field.isVisible()) ? field.inputValue() : '';
    },
    (text) => text.startsWith(heading),
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
    (rows) => rows[0]?.[1] === '30 → 30',
  );
  expect(await page.getByText('version 1.5.0').isVisible()).toBe(true);
});
