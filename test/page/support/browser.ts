import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, onTestFinished, type TestContext } from 'vitest';
import { missing } from '../../stack/support/missing.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine; none is downloaded. */
function executable(): string | undefined {
  const places = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let launched: Promise<Browser> | undefined;
afterAll(async () => (await launched)?.close());

/** What went wrong on a page: its own errors, and what its Content-Security-Policy kept out. */
export const complaints: string[] = [];

/** A window of its own, with nothing kept from others. Skips, or fails, where there is no browser. */
export async function context(test: TestContext, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const executablePath = executable();
  if (executablePath === undefined) return missing(test, 'there is no Chromium on PATH: apt-get install chromium');
  // Without a sandbox only where it would refuse to run otherwise.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  launched ??= chromium.launch({ executablePath, args });
  const context = await (await launched).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  complaints.length = 0;
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`violated: ${violatedDirective} ${blockedURI}`),
    );
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    // The browser itself says so of every request that fails, which some tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return context;
}

/** The live page of whoever has this metrics port. */
export async function openPage(test: TestContext, origin: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await context(test, options)).newPage();
  await page.goto(origin);
  return page;
}

/** A table as it reads: its rows, and in them the texts of their cells. Notes are on a line of their own. */
export const rows = (page: Page, caption: string): Promise<string[][]> =>
  page
    .locator('table', { has: page.locator('caption', { hasText: caption }) })
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => Array.from((row as HTMLTableRowElement).cells, (cell) => cell.innerText.trim())),
    );

/** The tiles, by what they are called. */
export const tiles = (page: Page): Promise<Record<string, string>> =>
  page
    .locator('.tiles > div')
    .evaluateAll((all) =>
      Object.fromEntries(all.map((tile) => [tile.querySelector('dt')?.innerText, tile.querySelector('dd')?.innerText])),
    ) as Promise<Record<string, string>>;
