import type { Warning } from '../../base/log.ts';
import type { ApmStatus, PushStatus, ScrapeStatus } from '../../status.ts';
import { diagnoseDurations } from './diagnose-durations.ts';
import { diagnosePaths, hiddenFrameworksOf } from './diagnose-paths.ts';
import { diagnoseProcesses } from './diagnose-processes.ts';
import { diagnoseServer } from './diagnose-server.ts';
import { type Finding, finding } from './finding.ts';

/** All findings about a process, in the order in which data flows: start, servers, routes, export. */
export function diagnose(status: ApmStatus): Finding[] {
  return [
    diagnoseStart(status),
    ...diagnoseServers(status),
    ...diagnoseAdapters(status),
    ...diagnosePaths(status),
    ...diagnoseDurations(status),
    ...diagnoseExport(status),
    ...diagnoseProcesses(status),
    ...diagnoseOutgoing(status),
    ...status.warnings.filter(isReported).map(warningFinding),
  ];
}

function diagnoseStart({ startedBy }: ApmStatus): Finding {
  return startedBy === 'preload'
    ? finding('start', 'ok', 'Preload active.')
    : finding('start', 'note', "Started by setupApm() in the app's code, without the preload.");
}

function diagnoseServers(status: ApmStatus): Finding[] {
  const { servers } = status;
  const areRoutesHidden = hiddenFrameworksOf(status).length > 0;
  if (servers.length > 0) return servers.flatMap((server) => diagnoseServer(server, areRoutesHidden));
  return [
    finding(
      'no-server',
      'problem',
      'No HTTP server listens in this process.',
      'Run this again once the app listens.',
      'If the app listens in another process (a worker or a child), give the metrics port of that process.',
    ),
  ];
}

/** Failures that are documented limits of ours, as far as the status can tell: by framework, with the start of the text. */
const LIMITS = [
  {
    framework: 'h3',
    text: 'its listener was found',
    advice:
      'An app of h3 1 with its own hook `onRequest` shows no routes. Remove the hook, or name the routes: APM_ROUTES=/users/:id,/files/*',
  },
];

/** A problem, because the labels of such requests are guesses. A process of an older version has no such field. */
function diagnoseAdapters({ adapterFailures = [] }: Partial<ApmStatus>): Finding[] {
  return adapterFailures.map(({ framework, text, isHidden }) => {
    const what = `The routes of ${framework} cannot be read: ${text}. Its requests are counted by the shape of their paths, so the path labels are guesses.`;
    if (isHidden) return finding('hidden-routes', 'note', what, 'Name its routes: APM_ROUTES=/users/:id,/files/*');
    const limit = LIMITS.find((each) => each.framework === framework && text.startsWith(each.text));
    if (limit) return finding('hidden-routes', 'note', what, limit.advice);
    return finding(
      'adapter-failed',
      'problem',
      what,
      `Report this with the versions of @org/apm, ${framework} and Node.js.`,
      'Until it is fixed, APM_ROUTES=/users/:id,/files/* names the routes.',
    );
  });
}

function diagnoseExport({ scrape, push }: ApmStatus): Finding[] {
  const both = finding(
    'both-ways',
    'note',
    'Metrics are both scraped and pushed. A Prometheus that receives both counts every request twice.',
    'Unless they go to different systems, choose one: OTEL_METRICS_EXPORTER=prometheus or OTEL_METRICS_EXPORTER=otlp.',
  );
  return [
    ...(scrape ? diagnoseScrape(scrape) : []),
    ...(push ? [diagnosePush(push)] : []),
    ...(scrape && push ? [both] : []),
  ];
}

function diagnoseScrape({ on, address, path, token, exposed }: ScrapeStatus): Finding[] {
  const withToken = token ? ', with a bearer token' : '';
  if (on === 'app') {
    const served = finding('scrape', 'ok', `Metrics are served on the app's own port at ${path}${withToken}.`);
    if (token) return [served];
    const open = 'Metrics are readable without authentication by anyone who can reach the app.';
    return [served, finding('open', 'note', open, 'Set APM_AUTH_TOKEN to require a bearer token.')];
  }
  const served = finding('scrape', 'ok', `Metrics are served at ${address}${path}${withToken}.`);
  if (token || !exposed) return [served];
  return [
    served,
    finding(
      'open',
      'problem',
      `Metrics at ${address} are readable without authentication, also from other machines.`,
      'Set APM_AUTH_TOKEN to require a bearer token, or OTEL_EXPORTER_PROMETHEUS_HOST=localhost.',
    ),
  ];
}

function diagnosePush({ url, everySeconds, lastSuccess, failingSince, error }: PushStatus): Finding {
  const pushed = `Metrics are pushed to ${url} every ${everySeconds} s`;
  if (failingSince !== null) {
    return finding(
      'push-fails',
      'problem',
      `Pushes to ${url} have failed since ${failingSince} (last success: ${lastSuccess ?? 'none'}): ${error}.`,
      'Check that a receiver listens there: OTEL_EXPORTER_OTLP_ENDPOINT sets the address, OTEL_EXPORTER_OTLP_PROTOCOL the protocol.',
      'No counts are lost: the next successful push includes them.',
    );
  }
  if (lastSuccess === null) return finding('push', 'note', `${pushed}; no push yet.`);
  return finding('push', 'ok', `${pushed}; last success ${lastSuccess}.`);
}

function diagnoseOutgoing({ outgoing, context, node }: ApmStatus): Finding[] {
  if (outgoing === 'off')
    return [finding('outgoing', 'note', 'Outgoing calls are not measured, because APM_OUTGOING is off.')];
  const measured = finding('outgoing', 'ok', 'Outgoing calls are measured.');
  if (context === 'on') return [measured];
  const isCheap = Number.parseInt(node, 10) >= FIRST_CHEAP_NODE;
  const cost = isCheap
    ? ''
    : `, or run Node.js ${FIRST_CHEAP_NODE} or later. On Node.js ${node} it costs about 2 µs for each request`;
  return [
    measured,
    finding(
      'context',
      'note',
      'It is not known which request makes an outgoing call, so http_time_spent_seconds_total is missing.',
      `Set APM_CONTEXT=true${cost}.`,
    ),
  ];
}

/** From this version on, Node itself carries along which request is handled. */
const FIRST_CHEAP_NODE = 24;

/** Other fields of the status already have the states. Of equal warnings, only the last one is a finding. */
function isReported({ about, text }: Warning, i: number, all: readonly Warning[]): boolean {
  return about !== 'state' && all.findLastIndex((other) => other.text === text) === i;
}

function warningFinding({ at, about, text }: Warning): Finding {
  const sentence = `${text}.`.replace(/([.?])\.$/, '$1');
  return about === 'setting'
    ? finding('setting', 'problem', sentence, 'Correct it and restart the app.')
    : finding('failure', 'problem', sentence, `See the app's stderr at ${at} for details.`);
}
