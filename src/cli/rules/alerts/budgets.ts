import { BURN_RATES, type BurnRate } from '../burn-rates.ts';
import { serviceLink } from '../links.ts';
import { ANSWERED_PATHS, metricNames, recordedSeries, serviceMatchers } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import { type Alert, EVALUATION_INTERVAL_SECONDS } from '../rule.ts';
import { timeSpentLine } from '../time-spent.ts';

/**
 * @property bad  the recorded rate of the requests that spend the budget
 * @property all  the recorded rate of all requests
 */
interface Budget {
  readonly alert: string;
  readonly bad: string;
  readonly all: string;
  readonly target: number;
  readonly summary: string;
  /** @param range of the alert */
  describe(range: string): string;
}

/** Two budgets, latency and errors: a fast error is no slow request, and a slow success is no error. */
export function budgetAlerts(objectives: Objectives): Alert[] {
  const { latency, errors } = objectives;
  const { slow, timed, requests, errors: failed } = recordedSeries(objectives);
  const budgets: Budget[] = [
    {
      alert: 'HttpLatencyBudgetBurn',
      bad: slow,
      all: timed,
      target: latency.target,
      summary: `took longer than ${latency.seconds} s`,
      describe: (range) =>
        `Check "Slowest endpoints": is it one endpoint or all? If all, check dependencies, CPU and the last deploy.${timeSpentLine(objectives, { who: 'Slow requests', labels: ['job'], range, onlySlow: true })}\n` +
        'A high p99 with a low p50 means that some calls stall (a lock, a pool, a dependency). If both are high, suspect load or a slow dependency.\n' +
        'If it began with a deploy, roll back first.',
    },
    {
      alert: 'HttpErrorBudgetBurn',
      bad: failed,
      all: requests,
      target: errors.target,
      summary: 'were answered with 5xx',
      describe: () =>
        'Check "Requests by status" and the errors in "Slowest endpoints": which endpoint, since when, with a deploy?\n' +
        'Percentiles do not show fast errors. If it began with a deploy, roll back first; then read the logs of that endpoint.',
    },
  ];
  const burning = budgets.flatMap((budget) => BURN_RATES.map((burn) => burnAlert(objectives, budget, burn)));
  return [...burning, notMeasured(objectives)];
}

function burnAlert(objectives: Objectives, budget: Budget, burn: BurnRate): Alert {
  const { alert, bad, all, target, summary, describe } = budget;
  const { longWindow, longSeconds, shortWindow, factor, severity, outlook } = burn;
  const bound = exactShare(factor * (1 - target));
  const over = (window: string) => `sum_over_time(${bad}[${window}]) / sum_over_time(${all}[${window}]) > ${bound}`;
  return {
    alert,
    expr: [
      over(longWindow),
      'and',
      over(shortWindow),
      'and',
      `sum_over_time(${all}[${longWindow}]) * ${EVALUATION_INTERVAL_SECONDS} > ${objectives.minRequests}`,
    ].join('\n'),
    // The short window already prevents flapping; this only bridges a missed evaluation.
    for: severity === 'page' ? '2m' : '15m',
    labels: { severity, window: longWindow },
    annotations: {
      summary: `{{ $labels.job }}: {{ $value | humanizePercentage }} of the requests of the last ${longWindow} ${summary}`,
      description:
        `The objective allows ${formatPercent(1 - target)}. The last ${formatHours(longSeconds)} had more than ${factor === 1 ? 'that' : `${factor} times as many`}. At this rate the 30-day budget ${outlook}.\n` +
        describe(longWindow),
      dashboard: serviceLink(objectives),
    },
  };
}

/** No request ever counts as slow where the rules expect another kind of histogram, or another bound. */
function notMeasured(objectives: Objectives): Alert {
  const { slow } = recordedSeries(objectives);
  const { duration } = metricNames(objectives.prefix);
  const { seconds } = objectives.latency;
  const scope = `{${serviceMatchers(objectives)}, ${ANSWERED_PATHS}}[5m]`;
  return {
    alert: 'HttpObjectiveNotMeasured',
    expr: [
      '(',
      `  sum by (job) (rate(${duration}_count${scope})) > 0`,
      '  or',
      `  histogram_count(sum by (job) (rate(${duration}${scope}))) > 0`,
      ')',
      'unless on (job)',
      slow,
    ].join('\n'),
    for: '15m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `{{ $labels.job }}: requests slower than ${seconds} s cannot be counted`,
      description: `The latency budget cannot burn, and no alert can fire for slow requests. ${howToMeasure(objectives)} Print the rules of the other services with --except {{ $labels.job }}.`,
      dashboard: serviceLink(objectives),
    },
  };
}

function howToMeasure({ histogram, prefix, latency: { seconds } }: Objectives): string {
  const command = `npx apm rules${prefix === '' ? '' : ` --prefix ${prefix}`} --job {{ $labels.job }}`;
  if (histogram === 'exponential')
    return `These rules read native histograms, and its histogram has bounds. Set APM_HISTOGRAM=exponential in processes that push, or scrape_native_histograms: true in the scrape job; or print separate rules: ${command}.`;
  return `Its histogram has no bound ${seconds}: add ${seconds} to its APM_BUCKETS, or print separate rules: ${command} --buckets ITS_APM_BUCKETS --latency ONE_OF_THEM. Or it has native histograms: ${command} --histogram exponential.`;
}

/** Without floating-point noise: 14.4 times 0.001 is 0.0144. */
const exactShare = (value: number): number => Number(value.toPrecision(10));
const formatPercent = (value: number): string => `${exactShare(value * 100)} %`;
const formatHours = (seconds: number): string => (seconds === 3600 ? 'hour' : `${seconds / 3600} hours`);
