import type { Warning } from '../../base/log.ts';
import type { ApmStatus, PushStatus, ScrapeStatus } from '../../status.ts';
import { diagnoseProcesses } from './diagnose-processes.ts';
import { diagnoseServer } from './diagnose-server.ts';
import { type Finding, finding } from './finding.ts';

/** What there is to say of a status, in the order of a request's way: start, servers, routes, ways out. */
export function diagnose(status: ApmStatus): Finding[] {
  return [
    started(status),
    ...servers(status),
    paths(status),
    ...ways(status),
    ...diagnoseProcesses(status),
    outgoing(status),
    ...status.warnings.filter(isNews).map(warned),
  ];
}

function started({ startedBy }: ApmStatus): Finding {
  return startedBy === 'preload'
    ? finding('start', 'ok', 'The preload is in.')
    : finding('start', 'note', "Started by setupApm() in the app's code, without the preload.");
}

function servers({ servers }: ApmStatus): Finding[] {
  if (servers.length > 0) return servers.flatMap(diagnoseServer);
  const other = "If it listens in another process (a worker, a child), ask that one's metrics port.";
  return [
    finding(
      'no-server',
      'problem',
      'No HTTP server listens in this process.',
      'Ask again once the app listens.',
      other,
    ),
  ];
}

function paths({ paths: { distinct, max, capped } }: ApmStatus): Finding {
  if (!capped)
    return finding('paths', 'ok', `${distinct} distinct path${distinct === 1 ? '' : 's'}, of ${max} at the most.`);
  return finding(
    'capped',
    'problem',
    `There are more than ${max} distinct paths: further ones are counted as path="other".`,
    'Look at the path labels: mostly they are values that should be a parameter; APM_ROUTES=/search/:word makes them one.',
    'If the service does have that many routes, raise APM_MAX_PATHS.',
  );
}

function ways({ scrape, push }: ApmStatus): Finding[] {
  const both = finding(
    'both-ways',
    'note',
    'Metrics are both scraped and pushed: a Prometheus that gets both ways counts every request twice.',
    'Leave out one way, unless they go to different places: OTEL_METRICS_EXPORTER=prometheus or =otlp.',
  );
  return [...(scrape ? scraped(scrape) : []), ...(push ? [pushed(push)] : []), ...(scrape && push ? [both] : [])];
}

function scraped({ on, address, path, token, exposed }: ScrapeStatus): Finding[] {
  const bearer = token ? ', with a token' : '';
  if (on === 'app') {
    const found = finding('scrape', 'ok', `Metrics are scraped on the app's own port at ${path}${bearer}.`);
    const open = 'Whoever reaches the app can read the metrics.';
    return token ? [found] : [found, finding('open', 'note', open, 'APM_AUTH_TOKEN asks for a token.')];
  }
  const found = finding('scrape', 'ok', `Metrics are scraped at ${address}${path}${bearer}.`);
  if (token || !exposed) return [found];
  const open = `Whoever reaches ${address} can read the metrics: it is bound to more than this machine, without a token.`;
  return [found, finding('open', 'problem', open, 'Set APM_AUTH_TOKEN, or OTEL_EXPORTER_PROMETHEUS_HOST=localhost.')];
}

function pushed({ url, everySeconds, lastSuccess, failingSince, error }: PushStatus): Finding {
  const way = `Metrics are pushed to ${url} every ${everySeconds} s`;
  if (failingSince !== null) {
    const last = lastSuccess === null ? 'none has arrived' : `the last one arrived at ${lastSuccess}`;
    return finding(
      'push-fails',
      'problem',
      `Pushes to ${url} fail since ${failingSince}, ${last}: ${error}.`,
      'See that a receiver listens there: OTEL_EXPORTER_OTLP_ENDPOINT has the address, OTEL_EXPORTER_OTLP_PROTOCOL the protocol.',
      'What was counted meanwhile arrives with the next push that does.',
    );
  }
  if (lastSuccess === null) return finding('push', 'note', `${way}; none has been tried yet.`);
  return finding('push', 'ok', `${way}; the last one arrived at ${lastSuccess}.`);
}

function outgoing({ outgoing }: ApmStatus): Finding {
  if (outgoing === 'measured') return finding('outgoing', 'ok', 'Outgoing calls are measured.');
  return outgoing === 'off'
    ? finding('outgoing', 'note', 'Outgoing calls are not measured, as APM_OUTGOING says.')
    : finding('outgoing', 'note', 'Outgoing calls are left to the OpenTelemetry SDK that the app brings.');
}

/** States are told by the status as they are now, and a line that came again says nothing new. */
function isNews({ about, text }: Warning, i: number, all: readonly Warning[]): boolean {
  return about !== 'state' && all.findLastIndex((other) => other.text === text) === i;
}

function warned({ at, about, text }: Warning): Finding {
  return about === 'setting'
    ? finding(
        'setting',
        'problem',
        `${text}.`.replace(/([.?])\.$/, '$1'),
        'Correct it where the app is started, and start it again.',
      )
    : finding('failure', 'problem', `${text}.`.replace(/([.?])\.$/, '$1'), `The app's stderr has more, at ${at}.`);
}
