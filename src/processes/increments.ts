import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { isAdditive } from '../metrics/otel/metric-identity.ts';

/** What a process counted since it was last read. Increments of several processes can be added. */
export type Increments = readonly ScopeMetrics[];

/** Gauges and up-down counters as they are now. A newer state of the same process replaces the older one. */
export type States = readonly ScopeMetrics[];

export const incrementsOf = (collected: readonly ScopeMetrics[]): Increments => only(collected, true);

export const statesOf = (collected: readonly ScopeMetrics[]): States => only(collected, false);

export const isEmpty = (increments: Increments): boolean => increments.every(({ metrics }) => metrics.length === 0);

const only = (collected: readonly ScopeMetrics[], additive: boolean): ScopeMetrics[] =>
  collected.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.filter((metric) => isAdditive(metric) === additive && metric.dataPoints.length > 0),
  }));
