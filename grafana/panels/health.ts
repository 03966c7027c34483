import { ACTIVE, INFO } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { stat } from '../panel-types/stat.ts';
import type { Scope } from '../queries.ts';

/** A failed scrape makes series vanish at once, so that the past must be asked for how long ago that was. */
export function lastDataReceived(scope: Scope) {
  const told = `timestamp(${INFO}{${scope}})`;
  return stat(
    {
      title: 'Last data received',
      description:
        'Age of the newest sample. Normal is below one minute. If it grows, everything here is old: the service is down, or its metrics do not arrive. See Status, Targets in Prometheus, or the Collector\'s log, then run "apm doctor" beside the service.',
      unit: 's',
      width: 4,
      height: 5,
      decimals: 0,
      empty: 'nothing in this time range',
      steps: ['green', [90, 'yellow'], [300, 'red']],
    },
    { 'Last data': `time() - (max(${told}) or max(max_over_time(${told}[$__range:1m])))` },
  );
}

export function processCount(scope: Scope) {
  return stat(
    {
      title: 'Processes',
      description:
        'Processes that report now. Fewer than you run: some are down, or are not measured. More, for minutes after a deploy: pushed series of processes that ended linger for five minutes.',
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
        'Requests being answered at each moment. It follows requests a second times their duration. Rising while requests a second do not: the service is queueing, and p50 will follow. A saw tooth that never returns to its floor is requests that never end.',
      unit: 'short',
      width: 12,
    },
    [{ expr: `sum(${ACTIVE}{${scope}})`, name: 'in flight', colour: 'blue' }],
  );
}
