import { parseArgs } from 'node:util';
import { durationOf } from '../compare/sources/duration.ts';
import { metricsPath } from '../compare/sources/scrape.ts';
import { clean } from '../doctor/print.ts';
import { BadInput } from '../input-error.ts';
import { interruptible } from '../interruption.ts';
import { targetOf, tokenOf } from '../target.ts';
import { type Recording, record } from './record.ts';

const HELP = `Usage: apm snapshot [URL|PORT] --out DIR [--every 15s] [--for 5m]

Saves scrapes of a running process, for apm compare: one file each, with the time in its name.

  URL|PORT           its metrics (http://localhost:9464/metrics, where only a host or a port is given);
                     OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, or http://localhost:9464, where there is none
  --out DIR          where they go; it must have none yet
  --every DURATION   from one to the next: 500ms, 15s, 1m (15s)
  --for DURATION     from the first to the last (5m)

Ctrl-C ends it with what there is. A scrape that fails in between is a gap. A token is read from APM_AUTH_TOKEN.
Exit code: 0 there are two snapshots or more, 2 there are not, or used wrongly.
`;

/** `apm snapshot`. @returns the exit code */
export async function run(args: string[]): Promise<number> {
  let recording: Omit<Recording, 'signal' | 'say'>;
  try {
    const options = {
      out: { type: 'string' },
      every: { type: 'string', default: '15s' },
      for: { type: 'string', default: '5m' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (positionals.length > 1) throw new Error('one URL or PORT at a time');
    if (values.out === undefined || values.out === '') throw new Error('--out: expected a directory; got none');
    const every = duration('--every', values.every);
    const during = duration('--for', values.for);
    if (every > during) throw new Error(`--every: expected no more than --for, ${values.for}; got ${values.every}`);
    const url = urlOf(positionals[0]);
    recording = { url, token: tokenOf(process.env), every, during, out: values.out };
  } catch (cause) {
    console.error(
      `apm snapshot: ${clean((cause as Error).message.split(/\. |\n/)[0] as string)}; see apm snapshot --help`,
    );
    return 2;
  }
  try {
    const say = (line: string) => console.error(clean(line));
    const saved = await interruptible((signal) => record({ ...recording, signal, say }));
    if (saved >= 2) return 0;
    console.error(`apm snapshot: there is one snapshot in ${recording.out}, and two bound a window; record for longer`);
  } catch (error) {
    if ((error as Error).name === 'Interrupted') return 2;
    if (!(error instanceof BadInput)) throw error;
    console.error(`apm snapshot: ${clean(error.message)}`);
  }
  return 2;
}

function duration(option: string, text: string): number {
  const seconds = durationOf(text);
  if (seconds === undefined)
    throw new Error(`${option}: expected a duration such as 15s or 5m; got ${JSON.stringify(text)}`);
  return seconds;
}

/** Where the scrape of a target is: at its path, or where a metrics server has it. */
function urlOf(given: string | undefined): string {
  const { shown } = targetOf(given, process.env);
  return new URL(shown).pathname === '/' ? shown + metricsPath(process.env) : shown;
}
