// Writes the README's tables from what they are tables of. With --check it only says whether they are fresh.
// Runs under tsx, because the contracts of the frameworks are TypeScript.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { VARIABLES } from '../dist/config/variables.js';

const README = new URL('../README.md', import.meta.url);
const FRAMEWORKS = new URL('../test/frameworks/', import.meta.url);

function variables() {
  const standard = ({ shown, fallback }) => shown ?? `\`${fallback}\``;
  const rows = Object.values(VARIABLES).map((row) => [
    `\`${row.variable}\``,
    standard(row),
    `${row.meaning} (${row.expected})`,
  ]);
  return [['variable', 'default', 'meaning (expected)'], ...rows];
}

const parameters = (label) => [...JSON.stringify(label).matchAll(/[:{[]\w/g)].length;

/** Each framework with the row of its contract that has most parameters. */
async function frameworks() {
  const folders = readdirSync(FRAMEWORKS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const tables = await Promise.all(folders.map(({ name }) => import(new URL(`${name}/table.ts`, FRAMEWORKS))));
  const rows = tables.map(({ default: { name, versions, requests } }) => {
    const [[line, , label]] = requests
      .filter(([, , label]) => typeof label === 'string')
      .sort(([, , one], [, , other]) => parameters(other) - parameters(one));
    return [
      name,
      Object.keys(versions).join(', '),
      `${requests.length}`,
      `\`${line.split(/[ ?]/)[1]}\` is \`${label}\``,
    ];
  });
  return [['framework', 'versions', 'requests', 'for example'], ...rows];
}

const cell = (text) => text.replaceAll('|', '\\|');
const line = (cells) => `| ${cells.map(cell).join(' | ')} |\n`;
const table = ([head, ...rows]) => [head, head.map(() => '---'), ...rows].map(line).join('');

const before = readFileSync(README, 'utf8');
let after = before;
for (const [name, content] of Object.entries({ variables: variables(), frameworks: await frameworks() })) {
  const place = new RegExp(`(<!-- ${name} -->\n).*(<!-- /${name} -->)`, 's');
  if (!place.test(after)) throw new Error(`README.md has no <!-- ${name} --> and <!-- /${name} -->`);
  after = after.replace(place, (_, open, close) => `${open}${table(content)}${close}`);
}
if (!process.argv.includes('--check')) writeFileSync(README, after);
else if (after !== before) {
  console.error("The README's tables are stale: npm run docs");
  process.exitCode = 1;
}
