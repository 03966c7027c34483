import { readOwnPackage } from '../../config/own-package.ts';
import { type Answer, PATIENCE } from './fetch-status.ts';
import { type Finding, finding } from './finding.ts';
import type { Target } from './target.ts';

const START_LINE =
  'If it is, its line on stderr, "metrics at ...", says where: apm doctor URL. It comes when a server listens.';
const ON_APP =
  "With OTEL_METRICS_EXPORTER=otlp there is no such port: APM_METRICS_ON_APP=/metrics answers on the app's own; apm doctor http://localhost:3000/metrics";

/** Why there is no status, and what to do. */
export function explainFailure({ origin, shown }: Target, answer: Exclude<Answer, { kind: 'status' }>): Finding[] {
  switch (answer.kind) {
    case 'silent':
      return [silent(origin, answer.code, answer.message)];
    case 'locked':
      return [
        answer.given
          ? finding(
              'token',
              'problem',
              `${origin} refuses the token in APM_AUTH_TOKEN.`,
              "Give it the app's: APM_AUTH_TOKEN=... apm doctor",
            )
          : finding(
              'token',
              'problem',
              `${origin} asks for a token.`,
              "Put the app's into the environment: APM_AUTH_TOKEN=... apm doctor",
            ),
      ];
    case 'metrics':
      return [
        finding(
          'no-status',
          'problem',
          `Metrics are served at ${origin}${answer.path}, but no status: by the app's own apm.handler, or by something else.`,
          "setupApm({ exporters: ['prometheus'] }) opens a metrics server, which has the status too: apm doctor with its address.",
        ),
      ];
    case 'foreign': {
      const { name, version } = readOwnPackage();
      const text = `The process runs ${name} ${answer.version}, whose status ${version} does not understand.`;
      return [finding('version', 'problem', text, "Run npx apm doctor in the app's own folder.")];
    }
    case 'stranger':
      return [
        finding(
          'stranger',
          'problem',
          `Something else answers at ${shown}: ${answer.said} for ${answer.path}.`,
          `Find out what has the port; the app's line on stderr, "metrics at ...", says where its metrics are: apm doctor URL.`,
          'If the port is in use, set OTEL_EXPORTER_PROMETHEUS_PORT to another, or 0 for any.',
        ),
      ];
  }
}

function silent(origin: string, code: string, message: string): Finding {
  if (code === 'ECONNREFUSED') {
    const preload = new URL('../../register.js', import.meta.url).href;
    return finding(
      'nothing-listens',
      'problem',
      `Nothing listens at ${origin}.`,
      'Start the app with the preload: node --import @org/apm/register app.js',
      `Or, where another command starts it: NODE_OPTIONS="--import ${preload}" npm start`,
      START_LINE,
      ON_APP,
    );
  }
  if (code === 'ABORT_ERR') {
    const text = `${origin} does not answer within ${PATIENCE / 1000} s.`;
    return finding(
      'no-answer',
      'problem',
      text,
      'See whether the process is busy or stopped, and the address the right one.',
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return finding('no-host', 'problem', `There is no host of that name: ${origin}.`, 'Correct the address.');
  }
  if (/CERT|SELF_SIGNED|ISSUER/.test(code)) {
    const todo = 'Trust it for this once: NODE_EXTRA_CA_CERTS=ca.pem apm doctor URL';
    return finding('certificate', 'problem', `The certificate of ${origin} is not trusted here (${code}).`, todo);
  }
  if (code.startsWith('HPE_') || code === 'ECONNRESET' || code === 'EPROTO') {
    const text = `Something else listens at ${origin}: it does not speak ${origin.split(':')[0]} (${code}).`;
    return finding('stranger', 'problem', text, 'Give the other of http:// and https://, or the port of the metrics.');
  }
  return finding('unreachable', 'problem', `${origin} cannot be asked: ${message || code}.`, 'Correct the address.');
}
