import { OWN_PACKAGE } from '../../config/own-package.ts';
import { STATUS_TIMEOUT_MS, type StatusAnswer } from '../fetch-status.ts';
import { preloadUrl } from '../preload-url.ts';
import type { Target } from '../target.ts';
import { type Finding, finding } from './finding.ts';

const LOGGED_ADDRESS =
  'If the preload is active: once a server listens, the app logs "metrics at ..." on stderr. Give that address: apm doctor URL';
const PUSH_ONLY =
  'With OTEL_METRICS_EXPORTER=otlp there is no metrics server. Set APM_METRICS_ON_APP=/metrics and ask the app: apm doctor http://localhost:3000/metrics';

/** Why there is no status, and what to do. */
export function explainFailure(
  { origin, displayUrl }: Target,
  answer: Exclude<StatusAnswer, { kind: 'status' }>,
): Finding[] {
  switch (answer.kind) {
    case 'no answer':
      return [explainNoAnswer(origin, answer.code, answer.message)];
    case 'unauthorized':
      return [
        answer.hasToken
          ? finding(
              'token',
              'problem',
              `Invalid token: ${origin} refuses the one in APM_AUTH_TOKEN.`,
              "Use the app's token: APM_AUTH_TOKEN=... apm doctor",
            )
          : finding(
              'token',
              'problem',
              `${origin} requires a bearer token.`,
              "Set the app's token in the environment: APM_AUTH_TOKEN=... apm doctor",
            ),
      ];
    case 'metrics':
      return [
        finding(
          'no-status',
          'problem',
          `${origin}${answer.path} serves metrics, but no status: it is the app's own apm.handler, or another program.`,
          "setupApm({ exporters: ['prometheus'] }) starts a metrics server, which also serves the status. Give its address: apm doctor URL",
        ),
      ];
    case 'incompatible': {
      const { name, version } = OWN_PACKAGE;
      const text = `The process runs ${name} ${answer.version}. This is ${version}, which cannot read its status.`;
      return [finding('version', 'problem', text, "Run npx apm doctor in the app's own folder.")];
    }
    case 'unknown':
      return [
        finding(
          'stranger',
          'problem',
          `Another program answers at ${displayUrl}: ${answer.statusLine} for ${answer.path}.`,
          'Find out which program has the port. The app logs its own address on stderr, "metrics at ...": apm doctor URL',
          'If the port is in use, set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or to 0 for any free one.',
        ),
      ];
  }
}

function explainNoAnswer(origin: string, code: string, message: string): Finding {
  if (code === 'ECONNREFUSED') {
    return finding(
      'nothing-listens',
      'problem',
      `Nothing listens at ${origin}.`,
      'Start the app with the preload: node --import @org/apm/register app.js',
      `If another command starts the app: NODE_OPTIONS="--import ${preloadUrl()}" npm start`,
      LOGGED_ADDRESS,
      PUSH_ONLY,
    );
  }
  if (code === 'ABORT_ERR') {
    const text = `${origin} did not answer within ${STATUS_TIMEOUT_MS / 1000} s.`;
    return finding('no-answer', 'problem', text, 'Check the address, and whether the process is busy or stopped.');
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return finding('no-host', 'problem', `Unknown host: ${origin}.`, 'Correct the address.');
  }
  if (/CERT|SELF_SIGNED|ISSUER/.test(code)) {
    const todo = 'Trust it for this command: NODE_EXTRA_CA_CERTS=ca.pem apm doctor URL';
    return finding('certificate', 'problem', `The certificate of ${origin} is not trusted (${code}).`, todo);
  }
  if (code.startsWith('HPE_') || code === 'ECONNRESET' || code === 'EPROTO') {
    const text = `Another program listens at ${origin}: it does not speak ${origin.split(':')[0]} (${code}).`;
    return finding(
      'stranger',
      'problem',
      text,
      'Switch between http:// and https://, or give the port of the metrics.',
    );
  }
  return finding('unreachable', 'problem', `Cannot reach ${origin}: ${message || code}.`, 'Correct the address.');
}
