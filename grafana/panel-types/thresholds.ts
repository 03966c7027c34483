import { type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** The colour of the lowest values, then pairs of a value and the colour from that value on. */
export type ThresholdSteps = readonly [string, ...[from: number, colour: string][]];

export function thresholds([bottom, ...rest]: ThresholdSteps): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: bottom }, ...rest.map(([value, color]) => ({ value, color }))];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

export const NO_THRESHOLDS: ThresholdSteps = ['text'];
