import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, Histogram, MetricData, ViewOptions } from '@opentelemetry/sdk-metrics';
import { getOrAdd } from '../../base/get-or-add.ts';
import { addCounts, totalCount } from '../../base/histogram.ts';
import type { Kind } from '../kinds.ts';
import type { Series } from '../model.ts';
import { Bindings } from './bindings.ts';
import { ExportedInstrument, keyOf } from './exported-instrument.ts';
import { attributesOf, EXPORTED_METRICS, type ExportedMetric } from './exported-table.ts';
import { histogram, type Interval, point, sum } from './metric-data.ts';

/** The labels of one series of a metric, and its histogram in the conversion that is under way. */
interface Binding {
  readonly attributes: Attributes;
  value: Histogram | undefined;
}

interface ExportedSeries {
  bind(attributes: Attributes): Binding;
  /** @param bound of each series, the binding of each metric; `i` is this one */
  convert(series: readonly Series[], bound: readonly (readonly Binding[])[], i: number, interval: Interval): MetricData;
}

/** The metrics that one kind of series is exported as. */
export class ExportedKind {
  readonly #metrics: readonly ExportedSeries[];
  readonly #bindings: Bindings<readonly Binding[]>;

  constructor(kind: Kind, views: readonly ViewOptions[], hasUnits: boolean) {
    const rows = EXPORTED_METRICS.filter((metric) => metric.kind === kind.id);
    this.#metrics = rows.map((metric) => createExportedSeries(metric, kind, views, hasUnits));
    this.#bindings = new Bindings((labels) => {
      const attributes = attributesOf(labels, kind.id);
      return this.#metrics.map((metric) => metric.bind(attributes));
    });
  }

  /** Works out the labels of one more live series. @returns whether there was one left to do */
  prepareNext(live: readonly Series[]): boolean {
    return this.#bindings.prepareNext(live);
  }

  convert(series: readonly Series[], interval: Interval): MetricData[] {
    const bound = this.#bindings.all(series);
    return this.#metrics.map((metric, i) => metric.convert(series, bound, i, interval));
  }
}

function createExportedSeries(
  { value, instrument }: ExportedMetric,
  { bounds = [] }: Kind,
  views: readonly ViewOptions[],
  hasUnit: boolean,
): ExportedSeries {
  const exported = new ExportedInstrument(instrument, views, hasUnit);
  return value === 'count' ? createCounter(exported) : createHistogram(exported, bounds);
}

/** Distinct series have distinct labels here, so they need no look-up by text. */
const createCounter = (instrument: ExportedInstrument): ExportedSeries => ({
  bind: (attributes) => ({ attributes: instrument.apply(attributes), value: undefined }),
  convert(series, bound, i, interval) {
    const labelsOf = (s: number) => (bound[s] as readonly Binding[])[i]?.attributes as Attributes;
    const points = series.map(({ count }, s) => point(labelsOf(s), count, interval));
    return sum(instrument, points, true, interval);
  },
});

/** Several series may be one histogram: a duration has no status label. */
function createHistogram(instrument: ExportedInstrument, bounds: readonly number[]): ExportedSeries {
  const byKey = new Map<string, Binding>();
  return {
    bind(all) {
      const attributes = instrument.apply(all);
      return getOrAdd(byKey, keyOf(attributes), (): Binding => ({ attributes, value: undefined }));
    },
    convert(series, bound, i, interval) {
      const filled: Binding[] = [];
      for (let s = 0; s < series.length; s++) {
        addSeries(filled, bound[s]?.[i] as Binding, series[s] as Series, bounds);
      }
      return histogram(instrument, takePoints(filled, interval), interval);
    },
  };
}

function addSeries(
  filled: Binding[],
  binding: Binding,
  { buckets, sum: added }: Series,
  bounds: readonly number[],
): void {
  const count = totalCount(buckets);
  if (count === 0) return;
  const { value } = binding;
  if (value === undefined) {
    binding.value = { buckets: { boundaries: bounds as number[], counts: buckets.slice() }, sum: added, count };
    filled.push(binding);
    return;
  }
  addCounts(value.buckets.counts, buckets);
  value.sum = (value.sum as number) + added;
  value.count += count;
}

/** The data points of a conversion. The values are dropped here, so that they are not kept until the next one. */
const takePoints = (filled: readonly Binding[], interval: Interval): DataPoint<Histogram>[] =>
  filled.map((binding) => {
    const { attributes, value } = binding;
    binding.value = undefined;
    return point(attributes, value as Histogram, interval);
  });
