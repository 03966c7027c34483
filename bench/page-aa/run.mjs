// npm run bench:page-aa [-- simulated | demos | fixes] [-- --quick]: how often the live page colours a comparison in which nothing has
// changed, and how often it sees the fix of the demo.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureDemos, measureFixes } from './measure-demos.mjs';
import { measureSimulated } from './measure-simulated.mjs';

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
const PARTS = { simulated: measureSimulated, demos: measureDemos, fixes: measureFixes };
const file = fileURLToPath(new URL('../PAGE-AA.md', import.meta.url));

const HEAD = `# How far before and after on the live page can be trusted

On the page's own code, without its views. Somebody watches each comparison while it grows. It is wrong when any cell of the
table was coloured at any time: six measures of each endpoint, and of all of them together.
`;

/** Replaces the section of a part, and leaves the others as the last full run of each wrote them. */
function writeSection(part, section) {
  const sections = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const written = Object.keys(PARTS).map((each) =>
    each === part ? section : sections.find((text) => text.includes(`\`${commandOf(each)}\``))?.trim(),
  );
  writeFileSync(file, `${[HEAD.trim(), ...written.filter(Boolean)].join('\n\n')}\n`);
}

const commandOf = (part) => `npm run bench:page-aa -- ${part}`;

for (const part of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  if (!(part in PARTS)) throw new Error(`expected one of ${Object.keys(PARTS).join(', ')}, got ${part}`);
  const started = performance.now();
  const report = (text) => process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s: ${text}\n`);
  const { title, text } = await PARTS[part]({ quick: values.quick === true, report });
  const minutes = Math.round((performance.now() - started) / 60_000);
  const by = `\`${commandOf(part)}${values.quick ? ' --quick' : ''}\``;
  const section = `## ${title}\n\nWritten by ${by} on ${new Date().toISOString().slice(0, 10)}, in ${minutes} minutes.\n\n${text}`;
  console.log(section);
  // A quick run must not replace the figures of a full one.
  if (!values.quick) writeSection(part, section);
}
