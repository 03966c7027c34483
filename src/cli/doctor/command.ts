import { runCommand } from '../command.ts';
import { fetchStatus } from '../fetch-status.ts';
import { parseTarget, readToken } from '../target.ts';
import { hasColours } from '../terminal.ts';
import { diagnose } from './diagnose.ts';
import { explainFailure } from './explain-failure.ts';
import { describeProcess, renderFindings } from './print.ts';

const HELP = `Usage: apm doctor [URL|PORT] [--json]

Checks how a running process is measured: preload, HTTP servers, recognised frameworks, requests with a route, and where
its metrics go. Says what to do about each problem.

  URL|PORT   the metrics server, or the metrics on the app's own port (http://localhost:3000/metrics);
             default: OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, or http://localhost:9464
  --json     prints the findings as JSON

APM_AUTH_TOKEN is sent as the bearer token. Exit code: 0 no problem, 1 problems found, 2 usage error.
`;

/** `apm doctor`. @returns the exit code */
export const run = (args: readonly string[]): Promise<number> =>
  runCommand(
    {
      name: 'doctor',
      help: HELP,
      options: { json: { type: 'boolean', default: false } } as const,
      positionals: true,
      parse({ json }, positionals) {
        if (positionals.length > 1) throw new Error(`expected one URL or PORT; got ${positionals.length}`);
        return { json, target: parseTarget(positionals[0], process.env), token: readToken(process.env) };
      },
      async run({ json, target, token }) {
        const answer = await fetchStatus(target, token);
        const isStatus = answer.kind === 'status';
        const findings = isStatus ? diagnose(answer.status) : explainFailure(target, answer);
        if (json) {
          process.stdout.write(`${JSON.stringify({ target: target.displayUrl, findings }, null, 2)}\n`);
        } else {
          const title = isStatus ? describeProcess(answer.status) : target.displayUrl;
          process.stdout.write(renderFindings(title, findings, hasColours(process.stdout, process.env)));
        }
        return findings.some(({ level }) => level === 'problem') ? 1 : 0;
      },
    },
    args,
  );
