/** Seconds between two evaluations. A sum over a recorded rate, times this, is a number of requests. */
export const EVALUATION_INTERVAL_SECONDS = 30;

/** One recording rule. @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface Recording {
  /** `level:metric:operations` */
  readonly record: string;
  readonly expr: string;
}

/** One alert rule. @property for  how long the expression must hold */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Annotations;
}

/**
 * For the person on call.
 * @property summary      one line, with the figures
 * @property description  what it means, where to look, what to do
 * @property dashboard    a link
 */
interface Annotations {
  readonly summary: string;
  readonly description: string;
  readonly dashboard: string;
}

export interface Group {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (Recording | Alert)[];
}
