import { FAILURE_EXIT_CODE, optionError, printProgress, runCommand } from '../command.ts';
import { metricsPath } from '../compare/sources/scrape.ts';
import { parseDuration } from '../compare/sources/time-range.ts';
import { interruptible } from '../interruption.ts';
import { parseTarget, readToken } from '../target.ts';
import { record } from './record.ts';

const HELP = `Usage: apm snapshot [URL|PORT] --out DIR [--every 15s] [--for 5m]

Saves scrapes of a running process for apm compare: one file per scrape, with the time in its name.

  URL|PORT           what to scrape; a host or a port alone means http://HOST:PORT/metrics;
                     default: OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, or http://localhost:9464
  --out DIR          directory for the files; it must not contain snapshots yet
  --every DURATION   time between two scrapes: 500ms, 15s, 1m (15s)
  --for DURATION     time from the first scrape to the last (5m)

Ctrl-C stops early and keeps the files. A failed scrape is skipped. APM_AUTH_TOKEN is sent as the bearer token.
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
        const url = scrapeAddress(positionals[0]);
        return { url, token: readToken(process.env), intervalSeconds, durationSeconds, folder: values.out };
      },
      async run(request) {
        const saved = await interruptible((signal) => record({ ...request, signal, onProgress: printProgress }));
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

/** The URL of the scrape. A target without a path is a metrics server, which has a configured path. */
function scrapeAddress(argument: string | undefined): string {
  const { displayUrl } = parseTarget(argument, process.env);
  return new URL(displayUrl).pathname === '/' ? displayUrl + metricsPath(process.env) : displayUrl;
}
