import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it, type TestContext } from 'vitest';
import { renderHtml } from '../../src/cli/compare/output/html.ts';
import { changed } from '../cli/compare/output/comparison.ts';
import { openPage, pageErrors } from './support/browser.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const open = (test: TestContext, colorScheme: 'light' | 'dark' = 'light') =>
  openPage(test, `data:text/html;base64,${Buffer.from(renderHtml(changed())).toString('base64')}`, {
    colorScheme,
    bypassCSP: true,
  });

/** What is drawn of one endpoint, from left to right in units of the drawing. */
const readDrawing = (page: Page, key: string) =>
  page.evaluate((key) => {
    const section = [...document.querySelectorAll('section')].find((each) => each.textContent?.startsWith(key));
    const numberOf = (element: Element | null, name: string) => Number(element?.getAttribute(name));
    const labels = [...(section?.querySelectorAll('svg text.m') ?? [])];
    return {
      axis: labels.map((label) => ({ text: label.textContent, x: numberOf(label, 'x') })),
      areas: ['.b', '.a'].map((name) => section?.querySelector(`svg path${name}`)?.getAttribute('d') ?? ''),
      rows: [...(section?.querySelectorAll('svg g') ?? [])].map((row) => ({
        name: row.querySelector('text')?.textContent,
        before: numberOf(row.querySelector('.ring'), 'cx'),
        after: numberOf(row.querySelector('.dot'), 'cx'),
        tip: /^M([\d.]+)/.exec(row.querySelector('.head')?.getAttribute('d') ?? '')?.[1],
        text: row.querySelector('.v')?.textContent,
      })),
    };
  }, key);

it('draws how far each percentile moved, on a logarithmic axis of time, with an arrow and in words', async (test) => {
  const { axis, rows } = await readDrawing(await open(test), 'GET /checkout/:cart');
  expect(rows.map(({ name, text }) => [name, text])).toEqual([
    ['p50', '+0.4 % no evidence'],
    ['p99', '-92.1 % faster'],
    ['mean', '-86.1 % faster'],
  ]);
  const x = (text: string) => axis.find((label) => label.text === text)?.x as number;
  // Equal factors have equal distances.
  expect(x('1 s') - x('100 ms')).toBeCloseTo(x('500 ms') - x('50 ms'), 0);
  const p99 = rows[1];
  expect(p99?.before).toBeGreaterThan(x('1 s'));
  expect(p99?.after).toBeGreaterThan(x('100 ms'));
  expect(p99?.after).toBeLessThan(x('200 ms'));
  // The arrow ends at the dot of the side after.
  expect(Number(p99?.tip) - Number(p99?.after)).toBeCloseTo(5, 0);
  // Both medians are the same, so there is no arrow between them.
  expect(rows[0]?.tip).toBeUndefined();
});

it('draws before upwards and after downwards, of fine and of wide buckets', async (test) => {
  const page = await open(test);
  for (const key of ['GET /checkout/:cart', 'POST /orders']) {
    const { areas } = await readDrawing(page, key);
    const heights = areas.map((area) => [...area.matchAll(/V([\d.]+)/g)].map(([, y]) => Number(y)));
    const [middle = 0] = heights.map((each) => each.at(-1) as number);
    expect(heights.map((each) => each.filter((y) => y < middle).length > 1)).toEqual([true, false]);
    expect(heights.map((each) => each.filter((y) => y > middle).length > 1)).toEqual([false, true]);
  }
});

it.for(['light', 'dark'] as const)('is accessible and needs no script, in %s mode', async (colorScheme, test) => {
  const page = await open(test, colorScheme);
  expect(await page.locator('script, link, img').count()).toBe(0);
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
    return (await axe.run()).violations.map(({ id }) => id);
  });
  expect(violations).toEqual([]);
  expect(pageErrors).toEqual([]);
});
