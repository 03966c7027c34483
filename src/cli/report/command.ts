import { parseArgs } from 'node:util';
import { timesAsValues } from '../command.ts';
import type { Side } from '../compare/model.ts';
import { selected } from '../compare/sides.ts';
import { clean } from '../doctor/print.ts';
import { BadInput } from '../input-error.ts';
import { interruptible } from '../interruption.ts';
import { reportJson } from './json.ts';
import { reportMarkdown } from './markdown.ts';
import { reportOf } from './report.ts';
import { type ReportSource, sideOf } from './source.ts';

const HELP = `Usage: apm report SNAPSHOTS
       apm report --prometheus URL --period FROM..TO

Says of one period which endpoints were slowest, which had the widest tails and where the time went: what one would paste
into a weekly note.

  SNAPSHOTS           a directory of saved scrapes (apm snapshot --out week/), or one file: since the process began
  --prometheus URL    where the metrics are stored; a token is read from APM_PROMETHEUS_TOKEN
  --period            times such as 2026-11-16T00:00:00Z, 1795417200, -7d or now
  --method, --path    only these; with --prometheus also --job
  --top N             endpoints in each list (10)
  --format FORMAT     markdown, json

Exit code: 0 reported, 2 bad input, or used wrongly.
`;

const FORMATS = { markdown: reportMarkdown, json: reportJson };

/** `apm report`. @returns the exit code */
export async function run(args: string[]): Promise<number> {
  let wanted: { source: ReportSource; top: number; format: keyof typeof FORMATS } | undefined;
  try {
    wanted = options(args);
  } catch (cause) {
    console.error(`apm report: ${clean((cause as Error).message.split(/\. |\n/)[0] as string)}; see apm report --help`);
    return 2;
  }
  if (wanted === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { source, top, format } = wanted;
  try {
    const taken = (signal: AbortSignal) => sideOf(source, signal, (line) => console.error(clean(line)));
    // Files leave nothing behind: what ends a process ends that at once.
    const isFiles = source.kind === 'snapshots';
    const side: Side = await (isFiles ? taken(new AbortController().signal) : interruptible(taken));
    process.stdout.write(FORMATS[format](reportOf(selected(side, source.selectors), top)));
    return 0;
  } catch (error) {
    if ((error as Error).name === 'Interrupted') return 2;
    if (!(error instanceof BadInput)) throw error;
    console.error(`apm report: ${clean(error.message)}`);
    return 2;
  }
}

function options(args: string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: timesAsValues(args),
    options: {
      prometheus: text,
      period: text,
      job: text,
      method: text,
      path: text,
      top: { ...text, default: '10' },
      format: { ...text, default: 'markdown' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return undefined;
  const top = Number(values.top);
  if (!Number.isInteger(top) || top < 1)
    throw new Error(`--top: expected a whole number from 1 on; got ${JSON.stringify(values.top)}`);
  const format = Object.keys(FORMATS).find((known) => known === values.format) as keyof typeof FORMATS | undefined;
  if (format === undefined)
    throw new Error(
      `--format: expected one of ${Object.keys(FORMATS).join(', ')}; got ${JSON.stringify(values.format)}`,
    );
  const { job, method, path, prometheus, period } = values;
  const selectors = { job, method, path };
  if (prometheus !== undefined) {
    if (positionals.length > 0) throw new Error(`${JSON.stringify(positionals[0])} does not go with --prometheus`);
    if (period === undefined) throw new Error('--period is missing');
    return { source: { kind: 'prometheus' as const, url: prometheus, period, selectors }, top, format };
  }
  if (period !== undefined) throw new Error('--period goes with --prometheus');
  if (job !== undefined) throw new Error('--job goes with --prometheus');
  const [snapshots, ...others] = positionals;
  if (snapshots === undefined || others.length > 0)
    throw new Error('one directory or file is expected, or --prometheus');
  return { source: { kind: 'snapshots' as const, path: snapshots, selectors }, top, format };
}
