import type { Page } from 'playwright-core';
import { formatCount } from '../../../src/page/browser/text/format.ts';
import { type App, startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';

/** The query of a URL sets the duration and the status of the answer. */
const APP = 'test/apps/page/app.mjs';

export const startService = (env: Record<string, string> = {}): Promise<App> => startApp(APP, { env });

export const originOf = async (service: App): Promise<string> => new URL(await service.metricsUrl()).origin;

/** The cells of a table, row by row. A cell has its small text on a separate line. */
export const tableRows = (page: Page, caption: string): Promise<string[][]> =>
  page
    .locator('table', { has: page.locator('caption', { hasText: caption }) })
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => Array.from((row as HTMLTableRowElement).cells, (cell) => cell.innerText.trim())),
    );

/** The texts of the tiles, by name. */
export const tiles = (page: Page): Promise<Record<string, string>> =>
  page
    .locator('.tiles > div')
    .evaluateAll((all) =>
      Object.fromEntries(all.map((tile) => [tile.querySelector('dt')?.innerText, tile.querySelector('dd')?.innerText])),
    ) as Promise<Record<string, string>>;

/** Waits until the page has counted this many requests. */
export const untilCounted = (page: Page, requests: number): Promise<Record<string, string>> =>
  until(
    () => tiles(page),
    (shown) => shown['Requests per second']?.split('\n')[1] === `${formatCount(requests)} requests`,
    30,
  );
