import type { Page } from 'playwright-core';
import { expect, it, type TestContext } from 'vitest';
import { findViolations } from './support/accessibility.ts';
import { openPage, pageErrors, WAIT_OPTIONS } from './support/browser.ts';
import { originOf, startService } from './support/live-page.ts';
import { repeat, send } from './support/send.ts';

/** Opens a page that shows every section, an open endpoint and a mark. */
async function openFullPage(test: TestContext, options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  const service = await startService({ OTEL_SERVICE_NAME: 'shop' });
  const page = await openPage(test, await originOf(service), options);
  await send(service.url(''), [
    ...repeat(150, '/tail?ms=5'),
    // Far above what a request takes on a busy machine.
    ...repeat(4, '/tail?ms=3000'),
    ...repeat(9, '/bad?status=500'),
    `/calls?call=${encodeURIComponent(service.url('/called'))}`,
  ]);
  await page.getByRole('button', { name: 'GET /tail', exact: true }).click(WAIT_OPTIONS);
  await page.getByRole('button', { name: 'Set mark' }).click();
  await page.locator('#mark-select').waitFor(WAIT_OPTIONS);
  await page.getByText('hidden tail').first().waitFor(WAIT_OPTIONS);
  return page;
}

it.for(['light', 'dark'] as const)('has no serious accessibility violation in %s mode', async (colorScheme, test) => {
  const page = await openFullPage(test, { colorScheme });
  expect(await findViolations(page)).toEqual([]);
  expect(pageErrors).toEqual([]);
});

it('has no serious violation before signing in, before the first request, or after the connection is lost', async (test) => {
  const service = await startService({ APM_AUTH_TOKEN: 'sesame' });
  const page = await openPage(test, await originOf(service));
  await page.getByLabel('Token (APM_AUTH_TOKEN)').waitFor(WAIT_OPTIONS);
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel('Token (APM_AUTH_TOKEN)').fill('sesame');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No requests yet.' }).waitFor(WAIT_OPTIONS);
  expect(await findViolations(page)).toEqual([]);
  await service.kill();
  await page.getByText(/^Connection lost/).waitFor(WAIT_OPTIONS);
  expect(await findViolations(page)).toEqual([]);
});

it('fits on a phone', async (test) => {
  for (const locale of ['en', 'ko']) {
    const service = await startService();
    const page = await openPage(test, await originOf(service), { locale, viewport: { width: 360, height: 740 } });
    await send(service.url(''), [...repeat(150, '/tail?ms=5'), ...repeat(4, '/tail?ms=500')]);
    await page.getByRole('button', { name: 'GET /tail' }).click(WAIT_OPTIONS);
    await page.locator('table.distribution').waitFor(WAIT_OPTIONS);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect([locale, widths[0]]).toEqual([locale, widths[1]]);
  }
});

it('can be used by keyboard alone', async (test) => {
  const page = await openFullPage(test);
  const focused = new Set<string>();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    focused.add(
      await page.evaluate(() => {
        const { tagName, textContent, id } = document.activeElement as HTMLElement;
        return `${tagName} ${id || textContent}`;
      }),
    );
  }
  expect([...focused]).toEqual(
    expect.arrayContaining([
      'SELECT time-range',
      'INPUT filter',
      'BUTTON p50',
      'BUTTON GET /tail',
      'BUTTON Close',
      'INPUT mark-name',
      'BUTTON Copy as Markdown',
      'A Raw Prometheus metrics',
    ]),
  );
});

it('is in Korean in a Korean browser, and in English in all others', async (test) => {
  const service = await startService();
  const origin = await originOf(service);
  const readHeading = async (locale: string) => {
    const page = await openPage(test, origin, { locale });
    await page.locator('.empty h2').waitFor(WAIT_OPTIONS);
    return [await page.locator('html').getAttribute('lang'), await page.locator('.empty h2').innerText()];
  };
  expect(await readHeading('ko-KR')).toEqual(['ko', '아직 요청이 없습니다.']);
  for (const locale of ['en-GB', 'fr-FR']) expect(await readHeading(locale)).toEqual(['en', 'No requests yet.']);
});
