import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, onTestFinished, type TestContext } from 'vitest';
import { skipMissing } from '../../stack/support/skip-missing.ts';
import { findChromium } from './chromium.ts';

/** Options of `waitFor`, for content that appears within a few intervals of the page. */
export const WAIT_OPTIONS = { timeout: 20_000 };

let launched: Promise<Browser> | undefined;
afterAll(async () => (await launched)?.close());

export async function launchBrowser(test: TestContext): Promise<Browser> {
  const found = await findChromium();
  if ('missing' in found) return skipMissing(test, found.missing);
  // Chromium refuses to run as root with a sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  launched ??= chromium.launch({ executablePath: found.path, args });
  return launched;
}

/** Errors of the open pages, and violations of their Content-Security-Policy. */
export const pageErrors: string[] = [];

/** A browser window that shares no cookies or storage with others. Without a browser, the test is skipped or fails. */
export async function openWindow(test: TestContext, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const browser = await launchBrowser(test);
  const window = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => window.close());
  pageErrors.length = 0;
  await window.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`violated: ${violatedDirective} ${blockedURI}`),
    );
  });
  window.on('weberror', (error) => pageErrors.push(String(error.error())));
  window.on('console', (message) => {
    // The browser reports every failed request, and some tests let requests fail.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      pageErrors.push(message.text());
    }
  });
  return window;
}

/** Opens the live page at this address in a new window. */
export async function openPage(test: TestContext, origin: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await openWindow(test, options)).newPage();
  await page.goto(origin);
  return page;
}
