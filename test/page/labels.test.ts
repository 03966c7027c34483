import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { openPage, pageErrors, WAIT_OPTIONS } from './support/browser.ts';
import { originOf } from './support/live-page.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

it.for(['en', 'ko'])('filters all figures by the labels of the app, in %s', async (locale, test) => {
  const app = await startApp('test/apps/page/app.mjs', {
    env: { APM_LABELS: 'tenant=header:x-tenant,region=value:eu', OTEL_SERVICE_NAME: 'shop' },
  });
  const page = await openPage(test, await originOf(app), { locale });
  const ask = (path: string, tenant: string) => fetch(app.url(path), { headers: { 'x-tenant': tenant } });
  for (let i = 0; i < 3; i++) await ask('/orders', 'ann');
  await ask('/orders', 'bob');
  await ask('/users', 'bob');
  await fetch(app.url('/open'));

  const tenant = page.getByLabel('tenant', { exact: true });
  await tenant.locator('option', { hasText: 'bob' }).waitFor({ ...WAIT_OPTIONS, state: 'attached' });
  const rows = () => page.locator('main section table').first().locator('tbody tr th').allTextContents();
  await expect.poll(rows).toHaveLength(3);
  expect((await tenant.locator('option').allTextContents()).slice(2)).toEqual(['ann', 'bob']);
  expect(await page.getByLabel('region', { exact: true }).locator('option').count()).toBe(2);

  await tenant.selectOption('bob');
  await expect.poll(async () => (await rows()).toSorted()).toEqual(['GET /orders', 'GET /users']);
  await tenant.selectOption('ann');
  await expect.poll(rows).toEqual(['GET /orders']);
  await tenant.selectOption({ index: 1 });
  await expect.poll(rows).toEqual(['GET /open']);
  await page.screenshot({ path: `.cache/screenshots/labels-${locale}.png`, fullPage: true });

  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> } };
    return (await axe.run()).violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ id }) => id);
  });
  expect(violations).toEqual([]);
  expect(pageErrors).toEqual([]);
});

it('shows no filter where the app has no labels', async (test) => {
  const app = await startApp('test/apps/page/app.mjs');
  const page = await openPage(test, await originOf(app));
  await fetch(app.url('/orders'));
  await page.getByRole('button', { name: 'GET /orders' }).waitFor(WAIT_OPTIONS);
  expect(await page.locator('select').count()).toBe(2);
});
