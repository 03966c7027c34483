import { ANSWERED_PATHS, metricNames, ON_LABEL, PATH_LABEL, SLOW_LABEL } from './names.ts';
import type { Objectives } from './objectives.ts';

/**
 * @property who      begins the sentence
 * @property labels   of the alert, by which the requests are selected
 * @property range    of time, such as `30m`
 * @property onlySlow whether only requests above `APM_SLOW` are meant
 */
interface Requests {
  readonly who: string;
  readonly labels: readonly string[];
  readonly range: string;
  readonly onlySlow: boolean;
}

/**
 * A template of Prometheus for a line that says what requests spend most of their time on. It is empty where that is not
 * known, as without `APM_CONTEXT`.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
 */
export function timeSpentLine({ prefix }: Objectives, { who, labels, range, onlySlow }: Requests): string {
  const matchers = [
    ...labels.map((label, i) => `${label}=%[${i + 1}]q`),
    ...(labels.includes(PATH_LABEL) ? [] : [ANSWERED_PATHS]),
    ...(onlySlow ? [`${SLOW_LABEL}="true"`] : []),
  ];
  const rate = `(rate(${metricNames(prefix).timeSpent}{${matchers.join(', ')}}[${range}]))`;
  // Above 0: without requests in that time, the shares are no numbers.
  const query = `topk(1, sum by (${ON_LABEL}) ${rate} / ignoring (${ON_LABEL}) group_left sum ${rate} > 0)`;
  const values = labels.map((label) => `$labels.${label}`).join(' ');
  const sentence = `${who} spend {{ . | first | value | humanizePercentage }} of their time on {{ . | first | label "${ON_LABEL}" }}.`;
  return `{{ with query (printf \`${query}\` ${values}) }}\n${sentence}{{ end }}`;
}
