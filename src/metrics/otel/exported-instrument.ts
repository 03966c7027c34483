import type { Attributes, ValueType } from '@opentelemetry/api';
import type { IAttributesProcessor, MetricData, ViewOptions } from '@opentelemetry/sdk-metrics';

/** An instrument of ours under its semantic-convention name. */
export interface Instrument {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly valueType: ValueType;
}

/** What an instrument becomes under the Views: its exported name and the labels of its series. */
export class ExportedInstrument {
  readonly descriptor: MetricData['descriptor'];
  readonly #processors: readonly IAttributesProcessor[];
  readonly #labels = new Map<string, Attributes>();

  /**
   * @param views    ours name instruments exactly, so the first that matches is the only one
   * @param hasUnit  the Collector and Prometheus's OTLP receiver append a unit to the name. The dashboards for the names of
   *                 the semantic conventions expect that; the default names must not change
   */
  constructor({ name, description, unit, valueType }: Instrument, views: readonly ViewOptions[], hasUnit: boolean) {
    const view = views.find(({ instrumentName }) => instrumentName === name);
    this.descriptor = {
      name: view?.name ?? name,
      description: view?.description ?? description,
      unit: hasUnit ? unit : '',
      valueType,
    };
    this.#processors = view?.attributesProcessors ?? [];
  }

  /** The labels of a series, as a new object. */
  apply(attributes: Attributes): Attributes {
    let labels = attributes;
    for (const processor of this.#processors) labels = processor.process(labels);
    return labels;
  }

  /**
   * The labels of a series. One object for each distinct set, because the exposition caches its text by that object.
   */
  labelsOf(attributes: Attributes): Attributes {
    const labels = this.apply(attributes);
    const key = keyOf(labels);
    let known = this.#labels.get(key);
    if (known === undefined) {
      known = labels;
      this.#labels.set(key, known);
    }
    return known;
  }
}

/** Names are part of it, because a label may be missing. Shorter to make than JSON, which matters at 10,000 series. */
export function keyOf(labels: Attributes): string {
  let key = '';
  for (const name in labels) key += `${name}\0${labels[name]}\0`;
  return key;
}
