/** What a rule file consists of. @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface Recording {
  /** `level:metric:operations` */
  readonly record: string;
  readonly expr: string;
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must be so. */
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Annotations;
}

/** For whoever is woken. */
export interface Annotations {
  /** One line, with the figures. */
  readonly summary: string;
  /** What it means, where to look, what to do. */
  readonly description: string;
  /** Where to look. */
  readonly dashboard: string;
}

export interface Group {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (Recording | Alert)[];
}
