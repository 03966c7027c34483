import type { Attributes } from '@opentelemetry/api';
import type { IAttributesProcessor, ViewOptions } from '@opentelemetry/sdk-metrics';

/** An instrument of ours, as it is named inside. */
export interface Instrument {
  readonly name: string;
  readonly description: string;
}

/** A counter's, or an up-down counter's, value for one set of labels. */
export interface Total {
  readonly attributes: Attributes;
  value: number;
}

/** A histogram's values for one set of labels; `counts` has one bucket more than there are bounds. */
export interface Distribution {
  readonly attributes: Attributes;
  readonly counts: number[];
  sum: number;
  count: number;
}

type Create<Point> = (attributes: Attributes, boundaries: readonly number[]) => Point;

/**
 * What becomes of an instrument under the Views: its exported name, bounds and labels. One point for each distinct set
 * of labels; whoever asks for the same labels shares it.
 */
export class Stream<Point extends { attributes: Attributes }> {
  readonly name: string;
  readonly description: string;
  readonly boundaries: readonly number[];
  readonly points: Point[] = [];
  readonly #byLabels = new Map<string, Point>();
  readonly #processors: readonly IAttributesProcessor[];
  readonly #create: Create<Point>;

  /** @param views ours name instruments exactly, so the first that does is the one */
  constructor(instrument: Instrument, views: readonly ViewOptions[], create: Create<Point>) {
    const view = views.find(({ instrumentName }) => instrumentName === instrument.name);
    this.name = view?.name ?? instrument.name;
    this.description = view?.description ?? instrument.description;
    this.#processors = view?.attributesProcessors ?? [];
    this.boundaries = boundariesOf(view);
    this.#create = create;
  }

  /** The point these attributes are counted in. Costs about a microsecond, so that callers keep what they get. */
  bind(attributes: Attributes): Point {
    const labels = this.#processors.reduce((current, processor) => processor.process(current), attributes);
    const key = JSON.stringify(Object.entries(labels));
    let point = this.#byLabels.get(key);
    if (point === undefined) {
      point = this.#create(Object.freeze(labels), this.boundaries);
      this.#byLabels.set(key, point);
      this.points.push(point);
    }
    return point;
  }
}

function boundariesOf(view: ViewOptions | undefined): readonly number[] {
  const aggregation = view?.aggregation;
  return aggregation && 'options' in aggregation && aggregation.options && 'boundaries' in aggregation.options
    ? aggregation.options.boundaries
    : [];
}

export const total = (attributes: Attributes): Total => ({ attributes, value: 0 });

export const distribution = (attributes: Attributes, boundaries: readonly number[]): Distribution => ({
  attributes,
  counts: new Array(boundaries.length + 1).fill(0),
  sum: 0,
  count: 0,
});

/** Adds one value: the bucket is the first whose bound is not below it. */
export function observe(point: Distribution, boundaries: readonly number[], value: number): void {
  let bucket = 0;
  while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket++;
  (point.counts[bucket] as number)++;
  point.sum += value;
  point.count++;
}
