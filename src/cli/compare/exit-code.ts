import type { Comparison } from './model.ts';
import type { FailOn } from './options.ts';

/** 1 where what was to be stopped at has come, else 0. */
export function exitCode({ service, endpoints }: Comparison, failOn: FailOn): 0 | 1 {
  const verdicts = [service, ...endpoints].flatMap(({ quantiles }) => quantiles.map(({ verdict }) => verdict));
  if (failOn === 'never') return 0;
  if (verdicts.includes('slower')) return 1;
  return failOn === 'not-faster' && !service.quantiles.some(({ verdict }) => verdict === 'faster') ? 1 : 0;
}
