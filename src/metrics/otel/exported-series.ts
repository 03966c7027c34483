import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, Histogram, MetricData, ViewOptions } from '@opentelemetry/sdk-metrics';
import { getOrAdd } from '../../base/get-or-add.ts';
import { addCounts, totalCount } from '../../base/histogram.ts';
import type { Kind } from '../kinds.ts';
import type { Labels, Series } from '../model.ts';
import { ExportedInstrument, keyOf } from './exported-instrument.ts';
import { attributesOf, type ExportedMetric } from './exported-kinds.ts';
import { histogram, type Interval, point, sum } from './metric-data.ts';

/** One metric that is made of a kind of series. */
export interface ExportedSeries {
  /** Works out the labels of a series. */
  bind(labels: Labels): void;
  convert(series: readonly Series[], interval: Interval): MetricData;
}

export function createExportedSeries(
  { value, instrument, errorTypeOf }: ExportedMetric,
  { bounds = [] }: Kind,
  views: readonly ViewOptions[],
  hasUnit: boolean,
): ExportedSeries {
  const exported = new ExportedInstrument(instrument, views, hasUnit);
  const labelsOf = (labels: Labels) => exported.apply(attributesOf(labels, errorTypeOf));
  return value === 'count'
    ? new ExportedCounter(exported, labelsOf)
    : new ExportedHistogram(exported, labelsOf, bounds);
}

/** The exported labels of a series. */
type LabelsOf = (labels: Labels) => Attributes;

/** Distinct series have distinct labels here, so they need no look-up by text. */
class ExportedCounter implements ExportedSeries {
  readonly #instrument: ExportedInstrument;
  readonly #labelsOf: LabelsOf;
  readonly #attributes = new WeakMap<Labels, Attributes>();

  constructor(instrument: ExportedInstrument, labelsOf: LabelsOf) {
    this.#instrument = instrument;
    this.#labelsOf = labelsOf;
  }

  bind(labels: Labels): Attributes {
    let attributes = this.#attributes.get(labels);
    if (attributes === undefined) {
      attributes = this.#labelsOf(labels);
      this.#attributes.set(labels, attributes);
    }
    return attributes;
  }

  convert(series: readonly Series[], interval: Interval): MetricData {
    const points = series.map(({ labels, count }) => point(this.bind(labels), count, interval));
    return sum(this.#instrument, points, true, interval);
  }
}

/** The labels of one histogram, and its value in the conversion that is under way. */
interface Binding {
  readonly attributes: Attributes;
  value: Histogram | undefined;
}

/** Several series may be one histogram: a duration has no status label. */
class ExportedHistogram implements ExportedSeries {
  readonly #instrument: ExportedInstrument;
  readonly #labelsOf: LabelsOf;
  readonly #bounds: readonly number[];
  readonly #bindings = new WeakMap<Labels, Binding>();
  /** By the text of their labels. */
  readonly #byKey = new Map<string, Binding>();

  constructor(instrument: ExportedInstrument, labelsOf: LabelsOf, bounds: readonly number[]) {
    this.#instrument = instrument;
    this.#labelsOf = labelsOf;
    this.#bounds = bounds;
  }

  bind(labels: Labels): Binding {
    let binding = this.#bindings.get(labels);
    if (binding === undefined) {
      const attributes = this.#labelsOf(labels);
      binding = getOrAdd(this.#byKey, keyOf(attributes), () => ({ attributes, value: undefined }));
      this.#bindings.set(labels, binding);
    }
    return binding;
  }

  convert(series: readonly Series[], interval: Interval): MetricData {
    const filled: Binding[] = [];
    for (let i = 0; i < series.length; i++) this.#add(filled, series[i] as Series);
    const points = filled.map((binding): DataPoint<Histogram> => {
      const { attributes, value } = binding;
      // Dropped here, so that it is not kept until the next conversion.
      binding.value = undefined;
      return point(attributes, value as Histogram, interval);
    });
    return histogram(this.#instrument, points, interval);
  }

  #add(filled: Binding[], { labels, sum: added, buckets }: Series): void {
    const count = totalCount(buckets);
    if (count === 0) return;
    const binding = this.bind(labels);
    const { value } = binding;
    if (value === undefined) {
      const boundaries = this.#bounds as number[];
      binding.value = { buckets: { boundaries, counts: buckets.slice() }, sum: added, count };
      filled.push(binding);
      return;
    }
    addCounts(value.buckets.counts, buckets);
    value.sum = (value.sum as number) + added;
    value.count += count;
  }
}
