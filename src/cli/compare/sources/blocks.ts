import type { Block, Counts, Side } from '../model.ts';
import type { Increase } from './counter-increase.ts';
import type { Bounds } from './history.ts';

interface Sum {
  requests: number;
  errors: number;
  timedErrors: number;
  seconds: number;
  counts: number[];
}

/** Adds increments up to the blocks of one side. An increment belongs to the block that its later reading lies in. */
export class Blocks {
  readonly #name: string;
  readonly #edges: readonly number[];
  readonly #sums: readonly Map<string, Sum>[];
  #counted = false;

  /** @param edges  where each block begins, and the last one ends; seconds since 1970, ascending */
  constructor(name: string, edges: readonly number[]) {
    this.#name = name;
    this.#edges = edges;
    this.#sums = edges.slice(1).map(() => new Map());
  }

  add(increases: readonly Increase[]): void {
    for (const { series, to, values } of increases) {
      const block = this.#sums[this.#indexOf(to)];
      if (!block) continue;
      const sum = block.get(series.endpoint) ?? { requests: 0, errors: 0, timedErrors: 0, seconds: 0, counts: [] };
      block.set(series.endpoint, sum);
      if (series.kind === 'requests') {
        const [requests = 0] = values;
        this.#counted = true;
        sum.requests += requests;
        if (series.error) sum.errors += requests;
        continue;
      }
      for (let i = 0; i < values.length - 1; i++) {
        sum.counts[i] = (sum.counts[i] ?? 0) + (values[i] as number);
        if (series.error) sum.timedErrors += values[i] as number;
      }
      sum.seconds += values.at(-1) as number;
    }
  }

  /** A block has what came after its beginning, up to and with its end. */
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

  /** The side as it is so far. Where requests are not counted, as by other SDKs, those that were timed are taken. */
  side(bounds: Bounds): Side {
    const none = bounds.seconds.length > 0 ? [...bounds.seconds.map(() => 0), 0] : [];
    const counts = (sum: Sum): Counts => {
      const of = sum.counts.length > 0 ? sum.counts : none;
      const timed = of.reduce((all, each) => all + each, 0);
      const [requests, errors] = this.#counted ? [sum.requests, sum.errors] : [timed, sum.timedErrors];
      return { requests, errors, seconds: sum.seconds, counts: of };
    };
    const blocks = this.#sums.map((sums, i): Block => {
      const endpoints = [...sums].map(([key, sum]) => [key, counts(sum)] as const);
      const some = endpoints.filter(([, of]) => of.requests > 0 || of.counts.some((each) => each > 0));
      return { from: this.#edges[i] as number, to: this.#edges[i + 1] as number, endpoints: new Map(some) };
    });
    return { name: this.#name, bounds: bounds.seconds, blocks };
  }
}

/** Requests of all endpoints in all blocks, timed or counted. */
export const hasRequests = ({ blocks }: Pick<Side, 'blocks'>): boolean =>
  blocks.some(({ endpoints }) => endpoints.size > 0);

/** Edges of so many blocks of equal length. */
export const edgesOf = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) * i) / count));
