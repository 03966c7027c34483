import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { clean, hasColours } from '../doctor/print.ts';
import { BadInput } from '../input-error.ts';
import { interruptible } from '../interruption.ts';
import { exitCode } from './exit-code.ts';
import type { Comparison, Method, Side } from './model.ts';
import { type CompareOptions, compareOptions, FAIL_ON, FORMATS, type Format } from './options.ts';
import { html } from './output/html.ts';
import { json } from './output/json.ts';
import { markdown } from './output/markdown.ts';
import { table } from './output/table.ts';
import { selected, sidesOf } from './sides.ts';
import { compareSides } from './statistics/compare.ts';

const HELP = `Usage: apm compare BEFORE AFTER
       apm compare --prometheus URL --before FROM..TO --after FROM..TO
       apm compare --prometheus URL --versions BEFORE,AFTER [--since 24h]
       apm compare --rounds 10 --a COMMAND --b COMMAND --load COMMAND

Says whether a service has become faster, by how much, and whether that is more than chance: for each endpoint and for
the service as a whole, at p50, p90 and p99.

  BEFORE AFTER        saved scrapes: directories of them (apm snapshot --out before/), or files
  --prometheus URL    where the metrics are stored; a token is read from APM_PROMETHEUS_TOKEN
  --before, --after   times such as 2026-11-23T07:00:00Z, 1795417200, -2h or now
  --versions          two versions that served at the same time, by service_version of target_info
  --rounds N          runs both builds N times by turns: the way to make claims with
  --a, --b            commands that start the service before and after; they get the preload and a metrics port
  --load              a command that puts load on it and ends; it gets SIDE, ROUND and APM_METRICS_URL

  --method, --path          only these; with --prometheus also --job
  --objective SECONDS       counts the requests slower than that; one of the bounds (the nearest to 0.5)
  --confidence SHARE        of intervals and verdicts (0.95)
  --format FORMAT           ${FORMATS.join(', ')}
  --out FILE                instead of standard output
  --fail-on WHAT            ${FAIL_ON.join(', ')}: what exit code 1 is for (slower)

Exit code: 0 nothing is slower, 1 something is, or what --fail-on says, 2 bad input, or used wrongly.
`;

/** `apm compare`. @returns the exit code */
export async function run(args: string[]): Promise<number> {
  let options: CompareOptions | undefined;
  try {
    options = compareOptions(args);
  } catch (cause) {
    console.error(
      `apm compare: ${clean((cause as Error).message.split(/\. |\n/)[0] as string)}; see apm compare --help`,
    );
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    if (options.out !== undefined) await refuseUnwritable(options.out);
    const comparison = await compared(options);
    const text = OUTPUTS[options.format](comparison);
    if (options.out === undefined) process.stdout.write(text);
    else await written(options.out, text);
    return exitCode(comparison, options.failOn);
  } catch (error) {
    if ((error as Error).name === 'Interrupted') return 2;
    if (!(error instanceof BadInput)) throw error;
    console.error(`apm compare: ${clean(error.message)}`);
    return 2;
  }
}

const METHOD: Readonly<Record<CompareOptions['wanted']['kind'], Method>> = {
  files: 'periods',
  periods: 'periods',
  versions: 'versions',
  rounds: 'rounds',
};

async function compared(options: CompareOptions): Promise<Comparison> {
  const { wanted, selectors } = options;
  const taken = (signal: AbortSignal) => sidesOf(options, signal, (line) => console.error(clean(line)));
  // Files leave nothing behind: what ends a process ends that at once.
  const sides = await (wanted.kind === 'files' ? taken(new AbortController().signal) : interruptible(taken));
  const [before, after] = sides.map((side) => selected(side, selectors)) as [Side, Side];
  return compareSides(METHOD[wanted.kind], before, after, options);
}

const OUTPUTS: Readonly<Record<Format, (comparison: Comparison) => string>> = {
  table: (comparison) => table(comparison, hasColours(process.stdout, process.env)),
  markdown,
  json,
  html,
};

const written = (file: string, text: string): Promise<void> => writeFile(file, text).catch(unwritable(file));

/** Before the work, which may be an hour of rounds. @throws BadInput */
async function refuseUnwritable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const failed = unwritable(file);
  if (found?.isDirectory()) failed({ code: 'EISDIR' });
  await access(found ? file : dirname(file), constants.W_OK).catch(failed);
}

const unwritable =
  (file: string) =>
  ({ code }: { code?: string }): never => {
    throw new BadInput(`--out: ${file} cannot be written (${code}); give another`);
  };
