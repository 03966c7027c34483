import { ACTIVE, INFO } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { stat } from '../panel-types/stat.ts';
import type { Scope } from '../queries.ts';

/** A failed scrape removes the series at once, so the query also searches the past for the last sample. */
export function lastDataReceived(scope: Scope) {
  const sampleTime = `timestamp(${INFO}{${scope}})`;
  return stat(
    {
      title: 'Last data received',
      description:
        'Age of the newest sample. Normal is below one minute. If it grows, the whole dashboard shows old data: the service is down, or its metrics do not arrive. Check Status, Targets in Prometheus, or the log of the Collector, then run "apm doctor" on the machine of the service.',
      unit: 's',
      width: 4,
      height: 5,
      decimals: 0,
      empty: 'no data in this time range',
      steps: ['green', [90, 'yellow'], [300, 'red']],
    },
    { 'Last data': `time() - (max(${sampleTime}) or max(max_over_time(${sampleTime}[$__range:1m])))` },
  );
}

export function processCount(scope: Scope) {
  return stat(
    {
      title: 'Processes',
      description:
        'Number of processes that report metrics now. Fewer than you run: some are down or not measured. More than you run, after a deploy: pushed series of ended processes remain visible for five minutes.',
      unit: 'short',
      width: 4,
      height: 5,
      decimals: 0,
      empty: 'none',
    },
    { Processes: `count(count by (job, instance) (${INFO}{${scope}}))` },
  );
}

export function inFlight(scope: Scope) {
  return graph(
    {
      title: 'Requests in flight',
      description:
        'Requests that are being answered. On average this is requests per second times their duration. If it rises while requests per second do not, requests are queueing and p50 will rise next. If its lowest values keep rising, some requests never end.',
      unit: 'short',
      width: 12,
    },
    [{ expr: `sum(${ACTIVE}{${scope}})`, name: 'in flight', colour: 'blue' }],
  );
}
