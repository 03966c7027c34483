import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { complaints, openPage, rows, tiles } from './support/browser.ts';
import { send, times } from './support/send.ts';

const APP = 'test/apps/page/app.mjs';
const SOON = { timeout: 20_000 };
const shows = (page: Page, requests: number) =>
  until(
    () => tiles(page),
    (shown) => shown['Requests per second']?.includes(`\n${requests} `) === true,
    30,
  );

/** Requests in five slots one after another, so that each of five batches has its own. */
async function fiveSlots(page: Page, base: string, url: string, sent: number): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await send(base, times(20, url));
    sent += 20;
    await shows(page, sent);
  }
  return sent;
}

it('shows what has become slower since a mark and what has not, to be copied too, and keeps it', async (test) => {
  const app = await startApp(APP);
  const origin = new URL(await app.metricsUrl()).origin;
  const page = await openPage(test, origin, { permissions: ['clipboard-read', 'clipboard-write'] });
  let sent = await fiveSlots(page, app.url(''), '/quote?ms=2', 0);
  await page.getByLabel('Name of the mark').fill('new | index');
  await page.getByRole('button', { name: 'Mark', exact: true }).click();
  await page.getByText('Nothing to compare yet').waitFor(SOON);
  await fetch(app.url('/pace?ms=600'), { method: 'POST' });
  sent++;
  sent = await fiveSlots(page, app.url(''), '/quote?ms=2', sent);
  const table = () => rows(page, 'Before and after');
  const [quote] = await until(table, (all) => all[0]?.[1] === '100 → 100');
  expect(quote).toEqual([
    'GET /quote',
    '100 → 100',
    expect.stringMatching(
      /^[\d.]+ ms → [5-9]\d\d(\.\d)? ms\nslower: \+[\d,]+% \((at least \+[\d,]+%|\+[\d,]+% to \+[\d,]+%)\)$/,
    ),
    expect.stringMatching(/^[\d.]+ ms → [\d.]+ ms\nslower: .*$/),
    expect.stringMatching(/^[\d.]+ ms → [\d.]+ ms\ntoo few requests: it takes 100 in each batch$/),
  ]);

  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied.').waitFor(SOON);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const line = copied.split('\n').find((line) => line.includes('GET /quote'));
  expect(line).toBe(
    `| \`GET /quote\` | 100 → 100 | ${quote
      ?.slice(2)
      .map((cell) => cell.replace('\n', '; '))
      .join(' | ')} |`,
  );
  expect(copied.split('\n')[0]).toBe(`**${await page.getByRole('heading', { level: 1 }).innerText()}: new | index**`);

  await page.reload();
  await until(table, (all) => all[0]?.[1] === '100 → 100');
  await page.context().grantPermissions([]);
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  expect(await page.getByLabel('Copy this text:').inputValue()).toContain('GET /quote');
  await page.getByRole('button', { name: 'Remove' }).click();
  await until(
    () => page.getByRole('button', { name: 'Remove' }).isVisible(),
    (visible) => !visible,
  );
  expect(complaints).toEqual([]);
});

it('has one list of marks in all tabs', async (test) => {
  const app = await startApp(APP);
  const origin = new URL(await app.metricsUrl()).origin;
  const one = await openPage(test, origin);
  const other = await one.context().newPage();
  await other.goto(origin);
  const mark = async (page: Page, name: string) => {
    await page.getByRole('heading', { name: 'Charts' }).waitFor(SOON);
    await page.getByLabel('Name of the mark').fill(name);
    await page.getByRole('button', { name: 'Mark', exact: true }).click();
  };
  const names = (page: Page) =>
    page.locator('#mark-choice option').evaluateAll((all) => all.map(({ textContent }) => textContent?.split(' ')[0]));
  const have = async (...expected: string[]) => {
    for (const page of [one, other]) {
      await until(
        () => names(page),
        (found) => found.join() === expected.join(),
      );
    }
  };
  await mark(one, 'first');
  await have('first');
  await mark(other, 'second');
  await have('first', 'second');
  await other.getByRole('button', { name: 'Remove' }).click();
  await have('first');
  // What a tab keeps when it goes is what both have.
  await one.reload();
  await other.reload();
  await have('first');
  expect(complaints).toEqual([]);
});

it.for(['open', 'closed'])(
  'marks a new version of the service by itself, with the page %s meanwhile',
  async (how, test) => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(), OTEL_SERVICE_NAME: 'shop' };
    const version = (is: string) =>
      startApp(APP, { env: { ...env, OTEL_RESOURCE_ATTRIBUTES: `service.version=${is}` } });
    const first = await version('1.4.0');
    const origin = new URL(await first.metricsUrl()).origin;
    let page = await openPage(test, origin);
    await send(first.url(''), times(30, '/old'));
    await shows(page, 30);
    if (how === 'closed') {
      const window = page.context();
      await page.close({ runBeforeUnload: true });
      await first.kill();
      page = await window.newPage();
    } else await first.kill();
    const second = await version('1.5.0');
    await second.metricsUrl();
    if (how === 'closed') await page.goto(origin);
    await send(second.url(''), times(30, '/old'));
    const chosen = page.getByLabel('Compare with before');
    await chosen.waitFor(SOON);
    expect(await chosen.innerText()).toMatch(/^1\.4\.0 → 1\.5\.0 \(\d\d:\d\d:\d\d\)$/);
    await until(
      () => rows(page, 'Before and after'),
      (all) => all[0]?.[1] === '30 → 30',
    );
    expect(await page.getByText('version 1.5.0').isVisible()).toBe(true);
  },
);
