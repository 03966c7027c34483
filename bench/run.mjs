// npm run bench [-- --quick] [-- --only requests,scrape]: measures ours and its peers in one run, and compares with the
// budgets.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { file } from './children.mjs';
import * as context from './measure-context.mjs';
import * as databases from './measure-databases.mjs';
import * as installed from './measure-installed.mjs';
import * as memory from './measure-memory.mjs';
import * as outgoing from './measure-outgoing.mjs';
import * as page from './measure-page.mjs';
import * as requests from './measure-requests.mjs';
import * as routes from './measure-routes.mjs';
import * as scrape from './measure-scrape.mjs';
import * as start from './measure-start.mjs';
import { formatReport } from './report.mjs';
import { full, quick } from './settings.mjs';

const measurements = [requests, routes, scrape, start, memory, outgoing, context, databases, page, installed];
const titles = measurements.map(({ title }) => title);

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
const selected = options.only?.split(',') ?? titles;
const unknown = selected.filter((title) => !titles.includes(title));
if (unknown.length > 0) {
  console.error(`--only: expected some of ${titles.join(',')}, got ${unknown.join(',')}`);
  process.exit(1);
}

const settings = options.quick ? quick : full;
const date = new Date();
const started = performance.now();
const results = [];
for (const { title, measure } of measurements.filter(({ title }) => selected.includes(title))) {
  process.stderr.write(`measuring ${title} ...\n`);
  results.push(await measure(settings));
}
const args = process.argv.slice(2).join(' ');
const command = args ? `npm run bench -- ${args}` : 'npm run bench';
const text = formatReport(results, { command, date, seconds: (performance.now() - started) / 1000 });
console.log(text);

// Only a complete run may replace the figures of the last complete run.
if (!options.quick && !options.only) writeFileSync(file('RESULTS.md'), text);
process.exit(0);
