// Writes the generated tables of the READMEs. With --check it only checks that they are up to date.
// It needs tsx, because the contracts of the frameworks are TypeScript.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { VARIABLES } from '../dist/config/variables.js';

const FRAMEWORKS = new URL('../test/frameworks/', import.meta.url);

function variableTable() {
  const defaultOf = ({ fallbackText, fallback }) => fallbackText ?? `\`${fallback}\``;
  const rows = Object.values(VARIABLES).map((row) => [
    `\`${row.variable}\``,
    defaultOf(row),
    `${row.meaning} (${row.expected})`,
  ]);
  return [['variable', 'default', 'meaning (expected)'], ...rows];
}

const countParameters = (label) => [...JSON.stringify(label).matchAll(/[:{[]\w/g)].length;

/** Each framework, with the request of its contract whose route has the most parameters as the example. */
async function frameworkTable() {
  const folders = readdirSync(FRAMEWORKS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const tables = await Promise.all(folders.map(({ name }) => import(new URL(`${name}/table.ts`, FRAMEWORKS))));
  const rows = tables.map(({ default: { name, versions, requests } }) => {
    const [[line, , label]] = requests
      .filter(([, , label]) => typeof label === 'string')
      .sort(([, , one], [, , other]) => countParameters(other) - countParameters(one));
    return [
      name,
      Object.keys(versions).join(', '),
      `${requests.length}`,
      `\`${line.split(/[ ?]/)[1]}\` is \`${label}\``,
    ];
  });
  return [['framework', 'versions', 'requests', 'for example'], ...rows];
}

const escapeCell = (text) => text.replaceAll('|', '\\|');
const line = (cells) => `| ${cells.map(escapeCell).join(' | ')} |\n`;
const table = ([head, ...rows]) => [head, head.map(() => '---'), ...rows].map(line).join('');

/** The same table with a Korean header, and an arrow instead of "is" in the examples. */
const translateTable = ([, ...rows]) => [
  ['프레임워크', '버전', '요청 수', '예'],
  ...rows.map(([name, versions, requests, example]) => [name, versions, requests, example.replace('` is `', '` → `')]),
];

function write(file, tables) {
  const readme = new URL(`../${file}`, import.meta.url);
  const before = readFileSync(readme, 'utf8');
  let after = before;
  for (const [name, content] of Object.entries(tables)) {
    const section = new RegExp(`(<!-- ${name} -->\\n).*(<!-- /${name} -->)`, 's');
    if (!section.test(after))
      throw new Error(`${file}: expected <!-- ${name} --> and <!-- /${name} --> around a generated table`);
    after = after.replace(section, (_, open, close) => `${open}${table(content)}${close}`);
  }
  if (!process.argv.includes('--check')) writeFileSync(readme, after);
  else if (after !== before) {
    console.error(`${file}: generated tables are out of date; run: npm run docs`);
    process.exitCode = 1;
  }
}

const contracts = await frameworkTable();
write('README.md', { variables: variableTable(), frameworks: contracts });
// The table of variables is translated by hand; a test compares its rows with the English table.
write('README.ko.md', { frameworks: translateTable(contracts) });
