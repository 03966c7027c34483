import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, MetricData, ViewOptions } from '@opentelemetry/sdk-metrics';
import { getOrAdd } from '../../base/get-or-add.ts';
import type { Kind } from '../kinds.ts';
import type { Series } from '../model.ts';
import { Bindings } from './bindings.ts';
import { ExportedInstrument, keyOf } from './exported-instrument.ts';
import { attributesOf, EXPORTED_METRICS, type ExportedMetric } from './exported-table.ts';
import { BOTH, EXPLICIT, EXPONENTIAL, type HistogramForm, type HistogramKind } from './histogram-form.ts';
import { type Interval, point, sumMetric } from './metric-data.ts';

/** The labels of one series of a metric, and the sum of its histograms in the conversion that is under way. */
interface Binding {
  readonly attributes: Attributes;
  /** Of the type that the form of the histogram adds up. */
  sum: unknown;
}

/** What is exported, and how. */
interface Conversion {
  readonly series: readonly Series[];
  readonly interval: Interval;
  readonly histograms: HistogramKind;
}

interface ExportedSeries {
  bind(attributes: Attributes): Binding;
  /** @param bound of each series, the binding of each metric; `i` is this one */
  convert(conversion: Conversion, bound: readonly (readonly Binding[])[], i: number): MetricData;
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

  convert(conversion: Conversion): MetricData[] {
    const bound = this.#bindings.all(conversion.series);
    return this.#metrics.map((metric, i) => metric.convert(conversion, bound, i));
  }
}

function createExportedSeries(
  { value, instrument }: ExportedMetric,
  kind: Kind,
  views: readonly ViewOptions[],
  hasUnit: boolean,
): ExportedSeries {
  const exported = new ExportedInstrument(instrument, views, hasUnit);
  return value === 'histogram' ? createHistogram(exported, kind) : createCounter(exported, value);
}

/** Distinct series have distinct labels here, so they need no look-up by text. */
const createCounter = (instrument: ExportedInstrument, value: 'count' | 'sum'): ExportedSeries => ({
  bind: (attributes) => ({ attributes: instrument.apply(attributes), sum: undefined }),
  convert({ series, interval }, bound, i) {
    const labelsOf = (s: number) => (bound[s] as readonly Binding[])[i]?.attributes as Attributes;
    const points = series.map((each, s) => point(labelsOf(s), each[value], interval));
    return sumMetric(instrument, points, true, interval);
  },
});

const FORMS: Readonly<Record<HistogramKind, HistogramForm<unknown>>> = {
  explicit: EXPLICIT,
  exponential: EXPONENTIAL,
  both: BOTH,
};

/** Several series may be one histogram: a duration has no status label. */
function createHistogram(instrument: ExportedInstrument, { bounds = [], isFine }: Kind): ExportedSeries {
  const byKey = new Map<string, Binding>();
  const convertTo = <Sum>(
    form: HistogramForm<Sum>,
    { series, interval }: Conversion,
    bindingOf: (s: number) => Binding,
  ) => {
    const filled: Binding[] = [];
    for (let s = 0; s < series.length; s++) {
      const binding = bindingOf(s);
      const before = binding.sum as Sum | undefined;
      binding.sum = form.add(before, series[s] as Series, bounds);
      if (before === undefined && binding.sum !== undefined) filled.push(binding);
    }
    return form.createMetric(instrument, takePoints<Sum>(filled, interval), interval);
  };
  return {
    bind(all) {
      const attributes = instrument.apply(all);
      return getOrAdd(byKey, keyOf(attributes), (): Binding => ({ attributes, sum: undefined }));
    },
    convert(conversion, bound, i) {
      const bindingOf = (s: number) => bound[s]?.[i] as Binding;
      return convertTo(isFine ? FORMS[conversion.histograms] : EXPLICIT, conversion, bindingOf);
    },
  };
}

/** The data points of a conversion. The sums are dropped here, so that they are not kept until the next one. */
const takePoints = <Sum>(filled: readonly Binding[], interval: Interval): DataPoint<Sum>[] =>
  filled.map((binding) => {
    const { attributes, sum } = binding;
    binding.sum = undefined;
    return point(attributes, sum as Sum, interval);
  });
