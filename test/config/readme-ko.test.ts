import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

const read = (file: string) => readFile(join(root, file), 'utf8');

/** The parts of a README in their order, each with the contents that must be the same in every language. */
function skeleton(markdown: string): { parts: Part[]; anchors: string[]; targets: string[] } {
  const parts: Part[] = [];
  const anchors: string[] = [];
  const codes: string[] = [];
  const text = markdown.replace(/^```(\w*)\n(.*?)^```$/gms, (_, language: string, code: string) => {
    codes.push(`${language}\n${code.replace(/ +(#|\/\/) .*$/gm, '')}`);
    return `\n\n<code ${codes.length - 1}>\n\n`;
  });
  for (const block of text.replace(/<!--.*?-->/g, '').split(/\n{2,}/)) {
    const lines = block.split('\n').filter((line) => line.trim() !== '');
    const [first = ''] = lines;
    const [, level, title = ''] = /^(#+) (.*)$/.exec(first) ?? [];
    if (level) {
      parts.push({ kind: `heading ${level.length}`, code: [] });
      anchors.push(slug(title));
    } else if (/^<code \d+>$/.test(first)) parts.push({ kind: 'code', code: [codes[Number(/\d+/.exec(first))] ?? ''] });
    else if (first.startsWith('|'))
      for (const row of lines) parts.push({ kind: `row of ${cells(row)}`, ...facts(row) });
    else if (lines.length > 0) {
      const items = lines.filter((line) => /^(-|\d+\.) /.test(line)).length;
      parts.push({
        kind: `text, ${items} items`,
        ...facts(lines.map((line) => line.replace(/^\d+\. /, '')).join(' ')),
      });
    }
  }
  const targets = [...markdown.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target as string);
  return { parts, anchors, targets };
}
interface Part {
  kind: string;
  code: string[];
  figures?: string[];
}

const cells = (row: string): number => row.replace(/`[^`]*`|\\\|/g, '').split('|').length - 2;

/** Code and link targets, sorted, because their order depends on the language; and figures, which one language may write as words. */
function facts(text: string): Pick<Part, 'code' | 'figures'> {
  const code = text.match(/`[^`]+`/g) ?? [];
  const links = [...text.matchAll(/\]\(([^)#][^)]*)\)/g)].map(([, to]) => to as string);
  const plain = text.replace(/`[^`]+`|\]\([^)]*\)/g, ' ');
  const figures = plain.match(/\d[\d.,]*\d|\d/g) ?? [];
  return { code: [...code, ...links].sort(), figures: figures.sort() };
}

/** The anchor that GitHub gives to a heading. */
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');

it('the Korean README has the parts, tables, code, links and figures of the English one', async () => {
  const [english, korean] = [skeleton(await read('README.md')), skeleton(await read('README.ko.md'))];
  expect(english.parts.length).toBeGreaterThan(200);
  const other = (name: string) => (name === 'README.md' ? 'README.ko.md' : name);
  const code = (parts: Part[]) => parts.map(({ kind, code }) => [kind, ...code.map(other)]);
  expect(code(korean.parts)).toEqual(code(english.parts));
  const missing = english.parts.flatMap(({ figures = [] }, i) => {
    const there = [...(korean.parts[i]?.figures ?? [])];
    return figures.filter((figure) => {
      const at = there.indexOf(figure);
      if (at >= 0) there.splice(at, 1);
      return at < 0;
    });
  });
  expect(missing).toEqual([]);
  expect(korean.targets.length).toBe(english.targets.length);
});

it.each(['README.md', 'README.ko.md'])('%s links to headings that it has', async (file) => {
  const { anchors, targets } = skeleton(await read(file));
  expect(targets.length).toBeGreaterThan(2);
  expect(targets.filter((target) => !anchors.includes(target))).toEqual([]);
});
