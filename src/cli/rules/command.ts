import { parseArgs } from 'node:util';
import { DEFAULT_OBJECTIVES, type Objectives } from './objectives.ts';
import { nameOf, OPTIONS } from './options.ts';
import { groups } from './rule-file.ts';
import { refusal } from './validate.ts';
import { ruleFile } from './yaml.ts';

const HELP = `Usage: apm rules [options] > apm.rules.yml

Prints recording and alert rules for Prometheus: latency and error budgets, a widening tail, endpoints slower than last
week, traffic gone, metrics missing. A service with objectives of its own gets a file by --job, and the file for all the
others leaves it out by --except; that one has the alerts of Collectors too. Shares are numbers between 0 and 1, 0.99 for
99 %.

${OPTIONS.map(({ usage, meaning, fallback }) => `  --${usage.padEnd(23)}${meaning} (${fallback})\n`).join('')}
What could never fire is refused. Exit code: 0 printed, 2 used wrongly.
`;

/** `apm rules`. @returns the exit code */
export async function run(args: string[]): Promise<number> {
  try {
    const options = Object.fromEntries(OPTIONS.map((option) => [nameOf(option), { type: 'string' }] as const));
    const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } } });
    process.stdout.write(values.help ? HELP : rulesFor(values as Record<string, string>));
    return 0;
  } catch (cause) {
    console.error(`apm rules: ${(cause as Error).message.split(/\. |\n/)[0]}; see apm rules --help`);
    return 2;
  }
}

/** @throws an Error with one line where an option is not what was expected, or an alert could never fire */
function rulesFor(given: Readonly<Record<string, string>>): string {
  let objectives: Objectives = DEFAULT_OBJECTIVES;
  for (const option of OPTIONS) {
    const text = given[nameOf(option)];
    if (text === undefined) continue;
    const applied = option.apply(objectives, text);
    if (!applied) throw new Error(wrong(`--${nameOf(option)}`, option.expected, text));
    objectives = applied;
  }
  const refused = refusal(objectives);
  if (refused) throw new Error(wrong(refused.option, refused.expected, refused.given));
  return ruleFile(groups(objectives), heading(given));
}

const wrong = (option: string, expected: string, given: string) =>
  `${option}: expected ${expected}; got ${JSON.stringify(given)}`;

function heading(given: Readonly<Record<string, string>>): string[] {
  const said = Object.entries(given).map(([name, value]) => ` --${name} ${shellQuoted(value)}`);
  return [
    'Rules for the metrics of @org/apm. Generated; targets and bounds are options of the command:',
    '',
    `  npx apm rules${said.join('')}`,
    '',
  ];
}

/** As a shell has to be given it. */
const shellQuoted = (text: string) => (/^[\w./:,=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
