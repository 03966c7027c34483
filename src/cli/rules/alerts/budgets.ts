import { BURNS, type Burn } from '../burn-rates.ts';
import { EVALUATION_INTERVAL_SECONDS } from '../interval.ts';
import { serviceLink } from '../links.ts';
import { ANSWERED, DURATION, recorded, services } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import type { Alert } from '../rule.ts';

interface Budget {
  readonly alert: string;
  /** The recorded rates of what spends it, and of all. */
  readonly bad: string;
  readonly all: string;
  readonly target: number;
  readonly summary: string;
  readonly description: string;
}

/** Latency and errors: two budgets, since a fast error counts as fast and a slow success as a success. */
export function budgetAlerts(objectives: Objectives): Alert[] {
  const { latency, errors } = objectives;
  const { slow, timed, requests, errors: failed } = recorded(objectives);
  const budgets: Budget[] = [
    {
      alert: 'HttpLatencyBudgetBurn',
      bad: slow,
      all: timed,
      target: latency.target,
      summary: `took longer than ${latency.seconds} s`,
      description:
        'Look at "Slowest endpoints": one endpoint, or all? If all, at what the service waits for, at CPU and at a deploy.\n' +
        'A high p99 over a low p50 is a stall of some calls (a lock, a pool, a dependency); both high is load or a slow dependency.\n' +
        'If it began with a deploy, roll back first.',
    },
    {
      alert: 'HttpErrorBudgetBurn',
      bad: failed,
      all: requests,
      target: errors.target,
      summary: 'were answered with 5xx',
      description:
        'Look at "Requests by status" and at the column of errors of "Slowest endpoints": which endpoint, since when, with a deploy?\n' +
        'Fast 5xx look fast in every percentile. If it began with a deploy, roll back first; then read that endpoint’s logs.',
    },
  ];
  const burning = budgets.flatMap((budget) => BURNS.map((burn) => alert(objectives, budget, burn)));
  return [...burning, notMeasured(objectives)];
}

function alert(objectives: Objectives, budget: Budget, burn: Burn): Alert {
  const { alert, bad, all, target, summary, description } = budget;
  const { long, short, factor, seconds, severity, meaning } = burn;
  const bound = share(factor * (1 - target));
  const over = (window: string) => `sum_over_time(${bad}[${window}]) / sum_over_time(${all}[${window}]) > ${bound}`;
  return {
    alert,
    expr: [
      over(long),
      'and',
      over(short),
      'and',
      `sum_over_time(${all}[${long}]) * ${EVALUATION_INTERVAL_SECONDS} > ${objectives.minRequests}`,
    ].join('\n'),
    // The short window is the patience; this only bridges a missed evaluation.
    for: severity === 'page' ? '2m' : '15m',
    labels: { severity, window: long },
    annotations: {
      summary: `{{ $labels.job }}: {{ $value | humanizePercentage }} of the requests of the last ${long} ${summary}`,
      description:
        `The objective allows ${percent(1 - target)}. The last ${hours(seconds)} had more than ${factor === 1 ? 'that' : `${factor} times that`}: the budget of 30 days ${meaning}.\n` +
        description,
      dashboard: serviceLink(objectives),
    },
  };
}

/** An objective that no bucket can tell of would be kept for ever. */
function notMeasured(objectives: Objectives): Alert {
  const { slow } = recorded(objectives);
  const { seconds } = objectives.latency;
  return {
    alert: 'HttpObjectiveNotMeasured',
    expr: `sum by (job) (rate(${DURATION}_count{${services(objectives)}, ${ANSWERED}}[5m])) > 0\nunless on (job)\n${slow}`,
    for: '15m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `{{ $labels.job }}: nobody knows which requests took longer than ${seconds} s`,
      description: `Its histogram has no bound ${seconds}, so its latency budget cannot burn and no alert will say that it is slow. Add ${seconds} to its APM_BUCKETS, or give it rules of its own: npx apm rules --job {{ $labels.job }} --buckets ITS_APM_BUCKETS --latency ONE_OF_THEM, and --except {{ $labels.job }} for the others.`,
      dashboard: serviceLink(objectives),
    },
  };
}

/** Of floating point only what was meant: 14.4 times 0.001 is 0.0144. */
const share = (value: number): number => Number(value.toPrecision(10));
const percent = (value: number): string => `${share(value * 100)} %`;
const hours = (seconds: number): string => (seconds === 3600 ? 'hour' : `${seconds / 3600} hours`);
