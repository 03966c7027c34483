import { BadInput } from '../input-error.ts';
import { tokenOf } from '../target.ts';
import type { Side } from './model.ts';
import { objectiveOf } from './objective.ts';
import type { CompareOptions, Selectors } from './options.ts';
import { PrometheusApi } from './sources/prometheus/api.ts';
import { sidesOfRanges } from './sources/prometheus/ranges.ts';
import { sidesOfVersions } from './sources/prometheus/versions.ts';
import { sidesOfRounds } from './sources/rounds/rounds.ts';
import { sidesOfSnapshots } from './sources/snapshots/snapshots.ts';
import { timeRangeOf } from './sources/time-range.ts';

/** Takes both sides from wherever they are wanted from. @throws BadInput with one line that says what to do */
export async function sidesOf(
  { wanted, selectors, objective }: CompareOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<[before: Side, after: Side]> {
  const now = Date.now() / 1000;
  switch (wanted.kind) {
    case 'files':
      return sidesOfSnapshots(wanted.paths);
    case 'periods': {
      const api = apiOf(wanted.url, signal);
      const [before, after] = [range('--before', wanted.before, now), range('--after', wanted.after, now)];
      if (before.from < after.to && after.from < before.to)
        throw new BadInput(
          '--before and --after overlap: what is in both can be no difference; give two periods apart',
        );
      return sidesOfRanges(api, selectors, before, after, { say });
    }
    case 'versions':
      return sidesOfVersions(
        apiOf(wanted.url, signal),
        selectors,
        wanted.versions,
        range('--since', `-${wanted.since}..now`, now),
        { say },
      );
    case 'rounds': {
      const { rounds, a, b, load } = wanted;
      // Not only after an hour of rounds.
      const check = (side: Side) => {
        objectiveOf(side.bounds, objective);
        selected(side, selectors);
      };
      return sidesOfRounds({ rounds, a, b, load, env: process.env, token: tokenOf(process.env), signal, check, say });
    }
  }
}

/** Of a side, the endpoints that are wanted. Where it came from may have left the others out already. */
export function selected(side: Side, { method, path }: Selectors): Side {
  if (method === undefined && path === undefined) return side;
  const isWanted = (key: string) => {
    const blank = key.indexOf(' ');
    return (
      (method ?? key.slice(0, blank)) === key.slice(0, blank) && (path ?? key.slice(blank + 1)) === key.slice(blank + 1)
    );
  };
  const blocks = side.blocks.map(({ endpoints, ...block }) => ({
    ...block,
    endpoints: new Map(Array.from(endpoints).filter(([key]) => isWanted(key))),
  }));
  if (!blocks.some(({ endpoints }) => endpoints.size > 0)) {
    const what = [method, path].filter((text) => text !== undefined).join(' ');
    throw new BadInput(`${side.name} has no request of ${JSON.stringify(what)}; see --method and --path`);
  }
  return { ...side, blocks };
}

export const apiOf = (url: string, signal: AbortSignal): PrometheusApi =>
  asBadInput(() => new PrometheusApi(url, process.env.APM_PROMETHEUS_TOKEN, signal));

export const range = (option: string, text: string, now: number) => asBadInput(() => timeRangeOf(option, text, now));

function asBadInput<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new BadInput((cause as Error).message);
  }
}
