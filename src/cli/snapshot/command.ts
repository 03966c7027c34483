import { FAILURE_EXIT_CODE, optionError, printProgress, runCommand } from '../command.ts';
import { findSource, hasSnapshot, metricsPath, type ScrapeRequest } from '../compare/sources/fetch-scrape.ts';
import { parseDuration } from '../compare/sources/time-range.ts';
import { interruptible } from '../interruption.ts';
import { parseTarget, readToken, type Target } from '../target.ts';
import { type RecordOptions, record } from './record.ts';

const HELP = `Usage: apm snapshot [URL|PORT] --out DIR [--every 15s] [--for 5m]

Saves what a running service has counted, for apm compare and apm report: one file each time, with the time in its name.

  URL|PORT           the metrics server; default: OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, or http://localhost:9464.
                     Its /snapshot is saved: percentiles known to about 1 %. Of programs without it, the text of
                     /metrics is saved: percentiles as coarse as the buckets. So is that of a URL with a path
  --out DIR          directory for the files; it must not contain snapshots yet
  --every DURATION   time between two scrapes: 500ms, 15s, 1m (15s)
  --for DURATION     time from the first scrape to the last (5m)

Ctrl-C stops early and keeps the files. If one scrape fails, the next goes on. APM_AUTH_TOKEN is sent as the bearer token.
Exit code: 0 two snapshots or more, 2 fewer, or usage error.
`;

const OPTIONS = {
  out: { type: 'string' },
  every: { type: 'string', default: '15s' },
  for: { type: 'string', default: '5m' },
} as const;

/** `apm snapshot`. @returns the exit code */
export const run = (args: readonly string[]): Promise<number> =>
  runCommand(
    {
      name: 'snapshot',
      help: HELP,
      options: OPTIONS,
      positionals: true,
      parse(values, positionals) {
        if (positionals.length > 1) throw new Error(`expected one URL or PORT; got ${positionals.length}`);
        if (values.out === undefined || values.out === '') throw new Error('--out: expected a directory; got none');
        const intervalSeconds = duration('every', values.every);
        const durationSeconds = duration('for', values.for);
        if (intervalSeconds > durationSeconds)
          throw new Error(`--every: expected no more than --for, ${values.for}; got ${values.every}`);
        const target = parseTarget(positionals[0], process.env);
        return { target, token: readToken(process.env), intervalSeconds, durationSeconds, folder: values.out };
      },
      async run({ target, ...request }) {
        const saved = await interruptible(async (signal) => {
          const source = await chooseSource(target, { token: request.token, signal });
          return record({ ...request, ...source, signal, onProgress: printProgress });
        });
        if (saved >= 2) return 0;
        console.error(
          `apm snapshot: only one snapshot in ${request.folder}; a comparison needs two: record for longer`,
        );
        return FAILURE_EXIT_CODE;
      },
    },
    args,
  );

function duration(option: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw optionError(option, 'a duration such as 15s or 5m', text);
  return seconds;
}

/**
 * What is recorded: snapshots where the target has them. A path in the URL is taken as it is.
 * @throws InputError where nothing answers
 */
async function chooseSource(target: Target, request: ScrapeRequest): Promise<Pick<RecordOptions, 'source' | 'note'>> {
  const { origin, displayUrl } = target;
  if (displayUrl === origin) {
    const path = metricsPath(process.env);
    const source = await findSource(origin, path, request);
    const note = `${origin} has no /snapshot: the text of ${path} is recorded, and percentiles will be as coarse as its buckets`;
    return { source, ...(source.kind === 'text' && { note }) };
  }
  if (displayUrl.endsWith('/snapshot') && (await hasSnapshot(displayUrl, request))) {
    return { source: { url: displayUrl, kind: 'json' } };
  }
  const note = `the text of ${displayUrl} is recorded, and percentiles will be as coarse as its buckets; without a path in the URL, a metrics server of @org/apm gives finer ones`;
  return { source: { url: displayUrl, kind: 'text' }, note };
}
