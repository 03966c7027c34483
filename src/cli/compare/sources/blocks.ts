import { ExplicitHistogram } from '../../../base/histogram/explicit-histogram.ts';
import { addCounts, totalCount } from '../../../base/histogram.ts';
import type { Block, EndpointTotals, Side } from '../../../statistics/model.ts';
import type { Increase } from './counter-increase.ts';
import type { SharedBounds } from './history.ts';

interface RunningTotals {
  requests: number;
  errors: number;
  timedErrors: number;
  seconds: number;
  counts: number[];
}

/** Adds increases to the blocks of one side. An increase belongs to the block in which it ends. */
export class BlockBuilder {
  readonly #name: string;
  readonly #edges: readonly number[];
  readonly #blocks: readonly Map<string, RunningTotals>[];
  #hasCounter = false;

  /** @param edges  the beginning of each block and the end of the last; seconds since 1970, ascending */
  constructor(name: string, edges: readonly number[]) {
    this.#name = name;
    this.#edges = edges;
    this.#blocks = edges.slice(1).map(() => new Map());
  }

  add(increases: readonly Increase[]): void {
    for (const { series, to, values } of increases) {
      const block = this.#blocks[this.#indexOf(to)];
      if (!block) continue;
      const totals = block.get(series.endpoint) ?? { requests: 0, errors: 0, timedErrors: 0, seconds: 0, counts: [] };
      block.set(series.endpoint, totals);
      if (series.kind === 'requests') {
        const [requests = 0] = values;
        this.#hasCounter = true;
        totals.requests += requests;
        if (series.error) totals.errors += requests;
      } else {
        const counts = values.slice(0, -1);
        if (totals.counts.length === 0) totals.counts = counts;
        else addCounts(totals.counts, counts);
        if (series.error) totals.timedErrors += totalCount(counts);
        totals.seconds += values.at(-1) as number;
      }
    }
  }

  /** A block contains the times after its beginning, up to and including its end. */
  #indexOf(time: number): number {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edges[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The side so far. Other SDKs have no counter of requests: then the timed requests are all requests. */
  buildSide({ seconds: bounds }: SharedBounds): Side {
    const toTotals = ({ requests, errors, timedErrors, seconds, counts }: RunningTotals): EndpointTotals => {
      const histogram = new ExplicitHistogram(bounds, counts.length > 0 ? counts : undefined);
      return this.#hasCounter
        ? { requests, errors, seconds, histogram, buckets: histogram }
        : { requests: totalCount(counts), errors: timedErrors, seconds, histogram, buckets: histogram };
    };
    const blocks = this.#blocks.map((block, i): Block => {
      const endpoints = Array.from(block, ([key, totals]) => [key, toTotals(totals)] as const);
      const active = endpoints.filter(([, { requests, histogram }]) => requests > 0 || histogram.total > 0);
      return { from: this.#edges[i] as number, to: this.#edges[i + 1] as number, endpoints: new Map(active) };
    });
    return { name: this.#name, bounds, blocks };
  }
}

/** Whether any endpoint had a request in any block, counted or timed. */
export const hasRequests = ({ blocks }: Pick<Side, 'blocks'>): boolean =>
  blocks.some(({ endpoints }) => endpoints.size > 0);

/** The edges of `count` blocks of equal length. */
export const blockEdges = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) * i) / count));
