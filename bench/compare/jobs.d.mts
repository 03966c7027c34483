import type { Comparison, Side } from '../../src/statistics/model.ts';

export function compareSource(source: 'recordings' | 'Prometheus', sides: readonly Side[]): Comparison;
