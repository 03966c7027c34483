import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../support/exposition.ts';
import { openPage, pageErrors, WAIT_OPTIONS } from './support/browser.ts';
import { originOf, startService } from './support/live-page.ts';

const DATA = '**/page/data*';

/** Lets the service answer in another format, as another version does. @returns how many answers it has sent */
async function answerOtherFormat(page: Page): Promise<() => number> {
  let answers = 0;
  await page.route(DATA, async (route) => {
    answers++;
    await route.fulfill({ json: { format: 99, columns: [] } });
  });
  return () => answers;
}

/** Counts how often the page is loaded. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('load', () => loads++);
  return () => loads;
}

it('reloads itself once when the service is updated to another format, and keeps token and marks', async (test) => {
  const service = await startService({ APM_AUTH_TOKEN: 'sesame' });
  const page = await openPage(test, await originOf(service));
  await page.getByLabel('Token (APM_AUTH_TOKEN)').fill('sesame');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Charts' }).waitFor(WAIT_OPTIONS);
  await page.getByLabel('Mark name').fill('update');
  await page.getByRole('button', { name: 'Set mark' }).click();
  const loads = countLoads(page);
  // The page that the reload loads matches the service again.
  page.once('domcontentloaded', () => void page.unroute(DATA));
  await answerOtherFormat(page);
  await until(loads, (n) => n === 1);
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  await page.locator('#mark-select', { hasText: 'update' }).waitFor(WAIT_OPTIONS);
  expect(loads()).toBe(1);
  expect(pageErrors).toEqual([]);
});

it('asks for a reload without the cache when its own reload did not help, and keeps asking the service', async (test) => {
  const service = await startService();
  const page = await openPage(test, await originOf(service));
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  const loads = countLoads(page);
  const answers = await answerOtherFormat(page);
  await page.getByText('Reload the page without the cache').waitFor(WAIT_OPTIONS);
  const before = answers();
  await until(answers, (n) => n >= before + 2);
  expect(loads()).toBe(1);
  await page.unroute(DATA);
  await page.getByText('Live', { exact: true }).waitFor(WAIT_OPTIONS);
  expect(loads()).toBe(1);
  expect(pageErrors).toEqual([]);
});
