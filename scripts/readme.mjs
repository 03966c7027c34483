// Writes the README's table of variables from the rows they are read by. With --check it only says whether it is fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { VARIABLES } from '../dist/config/variables.js';

const README = new URL('../README.md', import.meta.url);
const TABLE = /(<!-- variables -->\n).*(<!-- \/variables -->)/s;

const cell = (text) => text.replaceAll('|', '\\|');
const standard = ({ shown, fallback }) => shown ?? `\`${fallback}\``;
const rows = Object.values(VARIABLES).map((row) => [
  `\`${row.variable}\``,
  standard(row),
  `${row.meaning} (${row.expected})`,
]);
const table = [['variable', 'default', 'meaning (expected)'], ['---', '---', '---'], ...rows]
  .map((cells) => `| ${cells.map(cell).join(' | ')} |\n`)
  .join('');

const before = readFileSync(README, 'utf8');
if (!TABLE.test(before)) throw new Error('README.md has no <!-- variables --> and <!-- /variables -->');
const after = before.replace(TABLE, (_, open, close) => `${open}${table}${close}`);
if (!process.argv.includes('--check')) writeFileSync(README, after);
else if (after !== before) {
  console.error("The README's table of variables is stale: npm run docs");
  process.exitCode = 1;
}
