import { addCounts, totalCount } from '../../../base/counts.ts';
import { ExplicitHistogram } from '../../../base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import type { Block, EndpointTotals, Side } from '../../../statistics/model.ts';
import type { Increase } from './counter-increase.ts';
import type { SharedBounds } from './history.ts';
import { OutgoingBuilder } from './outgoing.ts';
import { type Scrape, startsOf } from './scrape.ts';

interface RunningTotals {
  requests: number;
  errors: number;
  timedErrors: number;
  seconds: number;
  counts: number[];
  fine: FineHistogram | undefined;
}

/** Adds increases to the blocks of one side. An increase belongs to the block in which it ends. */
export class BlockBuilder {
  readonly name: string;
  readonly #edges: readonly number[];
  readonly #blocks: readonly Map<string, RunningTotals>[];
  #hasCounter = false;
  #isFine = false;
  /** What is known of outgoing calls, over all blocks. */
  readonly outgoing = new OutgoingBuilder();
  /** By the clock of the processes. */
  readonly #starts = new Map<number, number>();
  readonly #services = new Set<string>();

  /** @param edges  the beginning of each block and the end of the last; seconds since 1970, ascending */
  constructor(name: string, edges: readonly number[]) {
    this.name = name;
    this.#edges = edges;
    this.#blocks = edges.slice(1).map(() => new Map());
  }

  /** Adds when the processes of a scrape started, and of which services they are. */
  addProcesses(scrape: Scrape): void {
    for (const service of scrape.services) this.#services.add(service);
    // A later scrape was perhaps faster: then the same process seems to have started a little later.
    for (const [i, start] of startsOf(scrape).entries()) {
      const own = scrape.starts[i] as number;
      if (!this.#starts.has(own)) this.#starts.set(own, start);
    }
  }

  /** The names of its services, as far as they are known. */
  get services(): ReadonlySet<string> {
    return this.#services;
  }

  add(increases: readonly Increase[]): void {
    for (const { series, to, values, fine } of increases) {
      const block = this.#blocks[this.#indexOf(to)];
      if (!block) continue;
      if (series.kind === 'calls' || series.kind === 'timeSpent') {
        this.outgoing.add(series, values, fine);
        continue;
      }
      const totals = block.get(series.endpoint) ?? createTotals();
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
        if (fine !== undefined) this.#addFine(totals, fine);
      }
    }
  }

  #addFine(totals: RunningTotals, fine: FineHistogram): void {
    this.#isFine = true;
    totals.fine = (totals.fine ?? new FineHistogram()).add(fine);
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
    const toTotals = ({ requests, errors, timedErrors, seconds, counts, fine }: RunningTotals): EndpointTotals => {
      const explicit = new ExplicitHistogram(bounds, counts.length > 0 ? counts : undefined);
      const histogram = this.#isFine ? (fine ?? new FineHistogram()) : explicit;
      // Native histograms have no bounds.
      const buckets = this.#isFine && bounds.length === 0 ? undefined : explicit;
      return this.#hasCounter
        ? { requests, errors, seconds, histogram, buckets }
        : { requests: totalCount(counts), errors: timedErrors, seconds, histogram, buckets };
    };
    const blocks = this.#blocks.map((block, i): Block => {
      const endpoints = Array.from(block, ([key, totals]) => [key, toTotals(totals)] as const);
      const active = endpoints.filter(([, { requests, histogram }]) => requests > 0 || histogram.total > 0);
      return { from: this.#edges[i] as number, to: this.#edges[i + 1] as number, endpoints: new Map(active) };
    });
    const starts = [...this.#starts.values()].sort((a, b) => a - b);
    return {
      name: this.name,
      bounds: this.#isFine && bounds.length === 0 ? undefined : bounds,
      blocks,
      ...(starts.length > 0 && { starts }),
    };
  }
}

const createTotals = (): RunningTotals => ({
  requests: 0,
  errors: 0,
  timedErrors: 0,
  seconds: 0,
  counts: [],
  fine: undefined,
});

/** Whether any endpoint had a request in any block, counted or timed. */
export const hasRequests = ({ blocks }: Pick<Side, 'blocks'>): boolean =>
  blocks.some(({ endpoints }) => endpoints.size > 0);

/** The edges of `count` blocks of equal length. */
export const blockEdges = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) * i) / count));
