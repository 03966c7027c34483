// The pins of packages in the tables of the frameworks and in test/packages/tools.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageSets } from '../../test/packages/all.ts';
import { root } from '../../test/support/root.ts';
import { compare, newestOf, published } from './registry.mjs';

export async function packagePins() {
  const rows = [];
  for (const { set, file, version: key = '' } of await findPackageSets()) {
    const overrides = Object.entries(set.overrides ?? {});
    for (const [name, spec] of [...Object.entries(set.packages), ...overrides]) {
      const [, alias = name, current] = /^(?:npm:(.+)@)?([^@]+)$/.exec(spec);
      const { versions, latest } = await published(alias);
      const newest = newestOf(versions, lineOf(set.title, current)) ?? current;
      const write = () => writePin({ file, key, name, current, newest });
      const newerLine = compare(latest, newest) > 0 ? latest : undefined;
      rows.push({ what: `${alias} (${set.title})`, where: file, current, newest, newerLine, write });
    }
  }
  // A newer line is not reported if another row of the same table has it.
  const isCovered = ({ where, newerLine }) => rows.some((row) => row.where === where && row.newest === newerLine);
  return rows.map((row) => (isCovered(row) ? { ...row, newerLine: undefined } : row));
}

/**
 * The line that a pin stays in: a number with a dot in the title (`4.12 with node-server 1`), else the major version, or the
 * minor version of a version such as `0.5.2`.
 */
function lineOf(title, current) {
  const named = title.match(/\d+(\.\d+)+/g)?.find((numbers) => current.startsWith(`${numbers}.`));
  const [major, minor] = current.split('.');
  return named ?? (major === '0' ? `0.${minor}` : major);
}

function writePin({ file, ...pin }) {
  const path = join(root, file);
  const moved = movePin(readFileSync(path, 'utf8'), pin);
  if (moved !== undefined) writeFileSync(path, moved);
  else console.error(`${file}: cannot find ${pin.name} ${pin.current}; change it by hand to ${pin.newest}`);
}

/**
 * Changes the version of a package in the text of a table.
 * @param {string} text
 * @param {{ key: string, name: string, current: string, newest: string }} pin  key: the title of the framework's version
 * @returns {string | undefined} undefined if the pin was not found in a known form
 */
export function movePin(text, { key, name, current, newest }) {
  const block = blockOf(text, key);
  const pin = new RegExp(`((?<![\\w@/-])${name}'?: '(?:npm:[^']+@)?)${current.replaceAll('.', '\\.')}'`);
  const ways = [
    // In the lines of that version, or for all versions, or as an argument in the lines of that version.
    text.replace(block, block.replace(pin, `$1${newest}'`)),
    text.replace(pin, `$1${newest}'`),
    text.replace(block, block.replaceAll(`'${current}'`, `'${newest}'`)),
  ];
  const moved = ways.find((each) => each !== text);
  // Another package with the same argument has already moved it.
  return moved ?? (block.includes(`'${newest}'`) ? text : undefined);
}

/** The lines of one version in a table; the whole text if the table has no versions. */
function blockOf(text, key) {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.includes(`'${key}':`));
  if (from < 0) return text;
  const length = lines.slice(from + 1).findIndex((line) => /^ {4}['/]|^ {2}\}/.test(line)) + 1;
  return lines.slice(from, from + length).join('\n');
}
