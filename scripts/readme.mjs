// Writes the README's tables from what they are tables of. With --check it only says whether they are fresh.
// Runs under tsx, because the contracts of the frameworks are TypeScript.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { VARIABLES } from '../dist/config/variables.js';

const FRAMEWORKS = new URL('../test/frameworks/', import.meta.url);

function variables() {
  const standard = ({ fallbackText, fallback }) => fallbackText ?? `\`${fallback}\``;
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

/** The same table under a Korean head; its examples need no verb. */
const inKorean = ([, ...rows]) => [
  ['프레임워크', '버전', '요청 수', '예'],
  ...rows.map(([name, versions, requests, example]) => [name, versions, requests, example.replace('` is `', '` → `')]),
];

function write(file, tables) {
  const readme = new URL(`../${file}`, import.meta.url);
  const before = readFileSync(readme, 'utf8');
  let after = before;
  for (const [name, content] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name} -->\\n).*(<!-- /${name} -->)`, 's');
    if (!place.test(after)) throw new Error(`${file} has no <!-- ${name} --> and <!-- /${name} -->`);
    after = after.replace(place, (_, open, close) => `${open}${table(content)}${close}`);
  }
  if (!process.argv.includes('--check')) writeFileSync(readme, after);
  else if (after !== before) {
    console.error(`${file}: its tables are stale: npm run docs`);
    process.exitCode = 1;
  }
}

const contracts = await frameworks();
write('README.md', { variables: variables(), frameworks: contracts });
// The Korean meanings of the variables are its own; a test holds their rows to these.
write('README.ko.md', { frameworks: inKorean(contracts) });
