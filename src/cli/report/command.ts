import { optionError, parseChoice, printProgress, runCommand } from '../command.ts';
import { type EndpointFilter, filterEndpoints } from '../compare/endpoint-filter.ts';
import { toJson } from '../compare/output/json.ts';
import { prometheusApi, timeRange } from '../compare/sides.ts';
import type { Period } from '../compare/sources/outgoing.ts';
import { loadRangePeriod } from '../compare/sources/prometheus/ranges.ts';
import { loadSnapshotPeriod } from '../compare/sources/snapshots/snapshots.ts';
import { interruptible } from '../interruption.ts';
import { parsePrefix } from '../prefix.ts';
import { renderMarkdown } from './markdown.ts';
import { buildReport, type Report } from './report.ts';

const HELP = `Usage: apm report SNAPSHOTS
       apm report --prometheus URL --period FROM..TO

Reports on one period, for a weekly note: the slowest endpoints, the endpoints with the widest tails, where the time went,
and the outgoing calls.

  SNAPSHOTS           a directory of snapshots (apm snapshot --out week/), or one file: since the process started
  --prometheus URL    where the metrics are stored; APM_PROMETHEUS_TOKEN is sent as the bearer token
  --period            times such as 2026-11-16T00:00:00Z, 1795417200, -7d or now
  --method, --path    only these endpoints, without outgoing calls; with --prometheus also --job
  --prefix PREFIX     of the metrics' names (APM_METRIC_PREFIX)
  --top N             endpoints, or kinds of calls, in each list (10)
  --format FORMAT     markdown, json

Exit code: 0 reported, 2 bad input, or usage error.
`;

const STRING = { type: 'string' } as const;
const OPTIONS = {
  prometheus: STRING,
  period: STRING,
  job: STRING,
  method: STRING,
  path: STRING,
  prefix: STRING,
  top: { ...STRING, default: '10' },
  format: { ...STRING, default: 'markdown' },
} as const;

/** Programs read the JSON: `format` changes when a field changes its meaning or goes. */
const RENDERERS = {
  markdown: renderMarkdown,
  json: (report: Report) => toJson({ format: 2, ...report }),
};
const FORMATS = Object.keys(RENDERERS) as (keyof typeof RENDERERS)[];

type Source =
  | { readonly kind: 'snapshots'; readonly path: string }
  | { readonly kind: 'prometheus'; readonly url: string; readonly period: string };

/** `apm report`. @returns the exit code */
export const run = (args: readonly string[]): Promise<number> =>
  runCommand(
    {
      name: 'report',
      help: HELP,
      options: OPTIONS,
      positionals: true,
      parse(values, positionals) {
        const top = Number(values.top);
        if (!Number.isInteger(top) || top < 1) throw optionError('top', 'a whole number, 1 or more', values.top);
        const format = parseChoice('format', FORMATS, values.format);
        const { job, method, path, prometheus, period } = values;
        const prefix = parsePrefix(values.prefix, process.env);
        const filter: EndpointFilter = { job, method, path, prefix };
        return { source: parseSource(positionals, prometheus, period, job), filter, top, format };
      },
      async run({ source, filter, top, format }) {
        const load = (signal: AbortSignal) => loadPeriod(source, filter, signal);
        // Reading files leaves nothing to clean up, so a signal may end the process at once.
        const { side, outgoing } = await (source.kind === 'snapshots'
          ? load(new AbortController().signal)
          : interruptible(load));
        // It is not known of calls which endpoint made them.
        const isWhole = filter.method === undefined && filter.path === undefined;
        const period = {
          side: filterEndpoints(side, filter),
          outgoing: isWhole ? outgoing : { ...outgoing, calls: [] },
        };
        process.stdout.write(RENDERERS[format](buildReport(period, top)));
        return 0;
      },
    },
    args,
  );

function parseSource(
  paths: readonly string[],
  url: string | undefined,
  period: string | undefined,
  job: string | undefined,
): Source {
  if (url !== undefined) {
    if (paths.length > 0) throw new Error(`${JSON.stringify(paths[0])} does not go with --prometheus`);
    if (period === undefined) throw new Error('--period is missing');
    return { kind: 'prometheus', url, period };
  }
  if (period !== undefined) throw new Error('--period needs --prometheus');
  if (job !== undefined) throw new Error('--job needs --prometheus');
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    throw new Error(`expected one directory or file, or --prometheus; got ${paths.length} paths`);
  return { kind: 'snapshots', path };
}

/** @throws InputError */
function loadPeriod(source: Source, filter: EndpointFilter, signal: AbortSignal): Promise<Period> {
  if (source.kind === 'snapshots') return loadSnapshotPeriod(source.path, filter.prefix);
  const range = timeRange('--period', source.period, Date.now() / 1000);
  return loadRangePeriod(prometheusApi(source.url, signal), filter, range, { onProgress: printProgress });
}
