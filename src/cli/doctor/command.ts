import { parseArgs } from 'node:util';
import { fetchStatus } from '../fetch-status.ts';
import { type Target, targetOf, tokenOf } from '../target.ts';
import { diagnose } from './diagnose.ts';
import { explainFailure } from './explain-failure.ts';
import type { Finding } from './finding.ts';
import { hasColours, report, who } from './print.ts';

const HELP = `Usage: apm doctor [URL|PORT] [--json]

Asks a running process whether and how it is measured: whether the preload is in, which servers are hooked, which
framework was recognised on each, how many requests had a route, where metrics go, and what to do about each problem.

  URL|PORT   its metrics server, or the scrape on the app's own port (http://localhost:3000/metrics);
             http://localhost:9464, or OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, where there is none
  --json     prints the findings as JSON

A token is read from APM_AUTH_TOKEN. Exit code: 0 all is well, 1 something is wrong, 2 used wrongly.
`;

/** `apm doctor`. @returns the exit code */
export async function run(args: string[]): Promise<number> {
  let json: boolean;
  let target: Target;
  let token: string | undefined;
  try {
    const options = { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (positionals.length > 1) throw new Error('one URL or PORT at a time');
    json = values.json;
    target = targetOf(positionals[0], process.env);
    token = tokenOf(process.env);
  } catch (cause) {
    console.error(`apm doctor: ${(cause as Error).message.split(/\. |\n/)[0]}; see apm doctor --help`);
    return 2;
  }
  const answer = await fetchStatus(target, token);
  const findings: readonly Finding[] =
    answer.kind === 'status' ? diagnose(answer.status) : explainFailure(target, answer);
  if (json) process.stdout.write(`${JSON.stringify({ target: target.shown, findings }, null, 2)}\n`);
  else
    process.stdout.write(
      report(
        answer.kind === 'status' ? who(answer.status) : target.shown,
        findings,
        hasColours(process.stdout, process.env),
      ),
    );
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}
