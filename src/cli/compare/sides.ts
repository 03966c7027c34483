import type { Side } from '../../statistics/model.ts';
import { printProgress } from '../command.ts';
import { asInputError } from '../input-error.ts';
import { readToken } from '../target.ts';
import { filterEndpoints } from './endpoint-filter.ts';
import { chooseObjective } from './objective.ts';
import type { CompareOptions } from './options.ts';
import { assertDifferentCommands, assertDifferentFiles, assertDifferentPeriods } from './sources/different-sides.ts';
import { PrometheusApi } from './sources/prometheus/api.ts';
import { loadRangeSides } from './sources/prometheus/ranges.ts';
import { loadVersionSides } from './sources/prometheus/versions.ts';
import { runRounds } from './sources/rounds/rounds.ts';
import { loadSnapshotSides } from './sources/snapshots/snapshots.ts';
import { parseTimeRange, type TimeRange } from './sources/time-range.ts';

/** Loads both sides from the source that the options name. @throws InputError */
export async function loadSides(
  { source, filter, objective }: CompareOptions,
  signal: AbortSignal,
): Promise<[before: Side, after: Side]> {
  const now = Date.now() / 1000;
  const onProgress = printProgress;
  switch (source.kind) {
    case 'files':
      await assertDifferentFiles(source.paths);
      return loadSnapshotSides(source.paths, filter.prefix, (line) => onProgress(`apm compare: ${line}`));
    case 'periods': {
      const api = prometheusApi(source.url, signal);
      const before = timeRange('--before', source.before, now);
      const after = timeRange('--after', source.after, now);
      assertDifferentPeriods(before, after);
      return loadRangeSides(api, filter, before, after, { onProgress });
    }
    case 'versions': {
      const since = timeRange('--since', `-${source.since}..now`, now);
      return loadVersionSides(prometheusApi(source.url, signal), filter, source.versions, since, { onProgress });
    }
    case 'rounds': {
      const { rounds, a, b, load } = source;
      assertDifferentCommands(a, b);
      const token = asInputError(() => readToken(process.env));
      // After the first round, not after an hour of them.
      const validate = (side: Side) => {
        chooseObjective([side], objective);
        filterEndpoints(side, filter);
      };
      const { prefix } = filter;
      return runRounds({ rounds, a, b, load, env: process.env, token, prefix, signal, validate, onProgress });
    }
  }
}

/** @throws InputError */
export const prometheusApi = (url: string, signal: AbortSignal): PrometheusApi =>
  asInputError(() => new PrometheusApi(url, process.env.APM_PROMETHEUS_TOKEN, signal));

/** @throws InputError */
export const timeRange = (option: string, text: string, now: number): TimeRange =>
  asInputError(() => parseTimeRange(option, text, now));
