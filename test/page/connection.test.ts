import { expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { complaints, context, openPage, rows } from './support/browser.ts';
import { send, times } from './support/send.ts';

const APP = 'test/apps/page/app.mjs';
/** Some slots. */
const SOON = { timeout: 20_000 };

it('says what to do before there is any request', async (test) => {
  const app = await startApp(APP);
  const page = await openPage(test, new URL(await app.metricsUrl()).origin);
  await page.getByRole('heading', { name: 'No requests yet.' }).waitFor(SOON);
  expect(await page.getByText('Send one to your service').isVisible()).toBe(true);
  await send(app.url(''), ['/first']);
  await page.getByRole('button', { name: 'GET /first' }).waitFor(SOON);
  expect(await page.getByRole('heading', { name: 'No requests yet.' }).isVisible()).toBe(false);
});

it('says when the service is gone, shows what was before, and goes on with a gap when it is back', async (test) => {
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(), PORT: await freePort() };
  const first = await startApp(APP, { env });
  const page = await openPage(test, new URL(await first.metricsUrl()).origin);
  await send(first.url(''), times(3, '/before'));
  await page.getByRole('button', { name: 'GET /before' }).waitFor(SOON);
  await first.kill();
  await page.getByText(/^Connection lost at \d\d:\d\d:\d\d\. Trying again/).waitFor(SOON);
  expect(await page.getByRole('button', { name: 'GET /before' }).isVisible()).toBe(true);

  const second = await startApp(APP, { env });
  await second.metricsUrl();
  await page.getByText('Live', { exact: true }).waitFor(SOON);
  await send(second.url(''), times(2, '/after'));
  await page.getByRole('button', { name: 'GET /after' }).waitFor(SOON);
  expect(Object.fromEntries((await rows(page, 'Slowest endpoints')).map((row) => [row[0], row[4]]))).toEqual({
    'GET /before': '3',
    'GET /after': '2',
  });
  // The time without an answer is there, and has no value.
  const chart = page.locator('figure', { hasText: 'Requests per second, by class' }).locator('.plot');
  await chart.focus();
  const seen: string[] = [];
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('ArrowLeft');
    seen.push((await chart.getAttribute('aria-label')) ?? '');
  }
  expect(seen.some((label) => label.includes('2xx no value'))).toBe(true);
  expect(seen.some((label) => /2xx 0\.\d+/.test(label))).toBe(true);
  expect(complaints).toEqual([]);
});

it('has what happened while nobody could ask, and shows another service of the same address for itself', async (test) => {
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(), OTEL_SERVICE_NAME: 'one' };
  const first = await startApp(APP, { env });
  const origin = new URL(await first.metricsUrl()).origin;
  const page = await openPage(test, origin);
  await send(first.url(''), ['/seen']);
  await page.getByRole('button', { name: 'GET /seen' }).waitFor(SOON);
  await page.context().setOffline(true);
  await send(first.url(''), times(4, '/unseen'));
  await page.getByText(/^Connection lost/).waitFor(SOON);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'GET /unseen' }).waitFor(SOON);
  await first.kill();
  const second = await startApp(APP, { env: { ...env, OTEL_SERVICE_NAME: 'two' } });
  await second.metricsUrl();
  await send(second.url(''), ['/own']);
  await page.getByRole('button', { name: 'GET /own' }).waitFor(SOON);
  expect((await rows(page, 'Slowest endpoints')).map(([name]) => name)).toEqual(['GET /own']);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('two');
});

it('asks for the token, keeps it for the tab, and has it in no address', async (test) => {
  const app = await startApp(APP, { env: { APM_AUTH_TOKEN: 'open-sesame' } });
  const window = await context(test);
  const asked: string[] = [];
  window.on('request', (request) => asked.push(request.url()));
  const page = await window.newPage();
  await page.goto(new URL(await app.metricsUrl()).origin);
  const field = page.getByLabel('Token (APM_AUTH_TOKEN)');
  await field.waitFor(SOON);
  await until(() => field.evaluate((element) => element === document.activeElement), Boolean);
  for (const wrong of ['sesame', 'öffne dich', ' ']) {
    await field.fill(wrong);
    await page.keyboard.press('Enter');
    await page.getByText('This is not the token.').waitFor(SOON);
  }
  expect(await page.locator('.content').isVisible()).toBe(false);
  await field.fill('open-sesame');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor(SOON);
  expect(await field.isVisible()).toBe(false);
  await page.reload();
  await page.getByText('Live', { exact: true }).waitFor(SOON);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('sesame');
  expect(asked.filter((url) => url.includes('sesame'))).toEqual([]);
  // Another tab has to be let in by itself.
  const other = await window.newPage();
  await other.goto(new URL(await app.metricsUrl()).origin);
  await other.getByLabel('Token (APM_AUTH_TOKEN)').waitFor(SOON);
  expect(complaints).toEqual([]);
});
