import type { Side } from '../compare/model.ts';
import type { Selectors } from '../compare/options.ts';
import { apiOf, range } from '../compare/sides.ts';
import { sideOfRange } from '../compare/sources/prometheus/ranges.ts';
import { sideOfSnapshots } from '../compare/sources/snapshots/snapshots.ts';

export type ReportSource = { readonly selectors: Selectors } & (
  | { readonly kind: 'snapshots'; readonly path: string }
  | { readonly kind: 'prometheus'; readonly url: string; readonly period: string }
);

/** @throws BadInput with one line that says what to do */
export function sideOf(source: ReportSource, signal: AbortSignal, say: (line: string) => void): Promise<Side> {
  if (source.kind === 'snapshots') return sideOfSnapshots(source.path);
  const time = range('--period', source.period, Date.now() / 1000);
  return sideOfRange(apiOf(source.url, signal), source.selectors, time, { say });
}
