import { expect, it } from 'vitest';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { openPage, openWindow, pageErrors, WAIT_OPTIONS } from './support/browser.ts';
import { originOf, startService, tableRows } from './support/live-page.ts';
import { repeat, send } from './support/send.ts';

it('explains what to do before the first request', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await page.getByRole('heading', { name: 'No requests yet.' }).waitFor(WAIT_OPTIONS);
  expect(await page.getByText('Send a request to your service.').isVisible()).toBe(true);
  await send(service.url(''), ['/first']);
  await page.getByRole('button', { name: 'GET /first' }).waitFor(WAIT_OPTIONS);
  expect(await page.getByRole('heading', { name: 'No requests yet.' }).isVisible()).toBe(false);
});

it('reports a lost connection, keeps the values from before, and shows a gap once the service is back', async (test) => {
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(), PORT: await freePort() };
  const first = await startService(env);
  const page = await openPage(test, await originOf(first));
  await send(first.url(''), repeat(3, '/before'));
  await page.getByRole('button', { name: 'GET /before' }).waitFor(WAIT_OPTIONS);
  await first.kill();
  await page.getByText(/^Connection lost at \d\d:\d\d:\d\d\. Retrying\./).waitFor(WAIT_OPTIONS);
  expect(await page.getByRole('button', { name: 'GET /before' }).isVisible()).toBe(true);

  const second = await startService(env);
  await second.metricsUrl();
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  await send(second.url(''), repeat(2, '/after'));
  const requests = async () =>
    Object.fromEntries((await tableRows(page, 'Slowest endpoints')).map((row) => [row[0], row[4]]));
  await until(requests, (found) => found['GET /before'] === '3' && found['GET /after'] === '2');

  const chart = page.locator('figure', { hasText: 'Requests per second, by status class' }).locator('.plot');
  await chart.focus();
  const labels: string[] = [];
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('ArrowLeft');
    labels.push((await chart.getAttribute('aria-label')) ?? '');
  }
  expect(labels.some((label) => label.includes('2xx no value'))).toBe(true);
  expect(labels.some((label) => /2xx 0\.\d+/.test(label))).toBe(true);
  expect(pageErrors).toEqual([]);
});

it('shows the requests that arrived while the browser was offline', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await send(service.url(''), ['/online']);
  await page.getByRole('button', { name: 'GET /online' }).waitFor(WAIT_OPTIONS);
  await page.context().setOffline(true);
  await send(service.url(''), repeat(4, '/offline'));
  await page.getByText(/^Connection lost/).waitFor(WAIT_OPTIONS);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'GET /offline' }).waitFor(WAIT_OPTIONS);
});

it('starts over when another service answers at the same address', async (test) => {
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort() };
  const one = await startService({ ...env, OTEL_SERVICE_NAME: 'one' });
  const page = await openPage(test, await originOf(one));
  await send(one.url(''), ['/one']);
  await page.getByRole('button', { name: 'GET /one' }).waitFor(WAIT_OPTIONS);
  await one.kill();
  const two = await startService({ ...env, OTEL_SERVICE_NAME: 'two' });
  await two.metricsUrl();
  await send(two.url(''), ['/two']);
  await page.getByRole('button', { name: 'GET /two' }).waitFor(WAIT_OPTIONS);
  expect((await tableRows(page, 'Slowest endpoints')).map(([name]) => name)).toEqual(['GET /two']);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('two');
});

it('says that the page cannot show an answer, and not that the connection is lost, and goes on asking', async (test) => {
  const service = await startService();
  const page = await (await openWindow(test)).newPage();
  let answers = 0;
  await page.route('**/page/data*', async (route) => {
    const data = await (await route.fetch()).json();
    answers++;
    await route.fulfill({ json: answers > 1 ? data : { ...data, intervals: null } });
  });
  await page.goto(await originOf(service));
  await page.getByText(/^This page cannot show what the service answered \(TypeError: .+\)/).waitFor(WAIT_OPTIONS);
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  expect(pageErrors).toEqual([expect.stringContaining('TypeError')]);
});

it('asks for the token, keeps it for the tab only, and never sends it in a URL', async (test) => {
  const service = await startService({ APM_AUTH_TOKEN: 'open-sesame' });
  const window = await openWindow(test);
  const urls: string[] = [];
  window.on('request', (request) => urls.push(request.url()));
  const page = await window.newPage();
  await page.goto(await originOf(service));
  const field = page.getByLabel('Token (APM_AUTH_TOKEN)');
  await field.waitFor(WAIT_OPTIONS);
  await until(() => field.evaluate((element) => element === document.activeElement), Boolean);
  for (const invalid of ['sesame', 'öffne dich', ' ']) {
    await field.fill(invalid);
    await page.keyboard.press('Enter');
    await page.getByText('Invalid token.').waitFor(WAIT_OPTIONS);
  }
  expect(await page.locator('.content').isVisible()).toBe(false);
  await field.fill('open-sesame');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  expect(await field.isVisible()).toBe(false);
  await page.reload();
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('sesame');
  expect(urls.filter((url) => url.includes('sesame'))).toEqual([]);

  const otherTab = await window.newPage();
  await otherTab.goto(await originOf(service));
  await otherTab.getByLabel('Token (APM_AUTH_TOKEN)').waitFor(WAIT_OPTIONS);
  expect(pageErrors).toEqual([]);
});
