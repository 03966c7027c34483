import type { Attributes, ValueType } from '@opentelemetry/api';
import type { IAttributesProcessor, MetricData, ViewOptions } from '@opentelemetry/sdk-metrics';

/** An instrument of ours under its semantic-convention name. */
export interface Instrument {
  readonly name: string;
  readonly description: string;
  readonly valueType: ValueType;
}

/** What an instrument becomes under the Views: its exported name and the labels of its series. */
export class ExportedInstrument {
  /** Without a unit: the Collector and Prometheus's OTLP receiver would append it to the name; a scrape does not. */
  readonly descriptor: MetricData['descriptor'];
  readonly #processors: readonly IAttributesProcessor[];
  readonly #labels = new Map<string, Attributes>();

  /** @param views ours name instruments exactly, so the first that matches is the only one */
  constructor({ name, description, valueType }: Instrument, views: readonly ViewOptions[]) {
    const view = views.find(({ instrumentName }) => instrumentName === name);
    this.descriptor = {
      name: view?.name ?? name,
      description: view?.description ?? description,
      unit: '',
      valueType,
    };
    this.#processors = view?.attributesProcessors ?? [];
  }

  /**
   * The labels of a series, as one object for each distinct set: what is worked out for a set is kept by its object.
   * Costs about a microsecond.
   */
  labelsOf(attributes: Attributes): Attributes {
    const labels = this.#processors.reduce((current, processor) => processor.process(current), attributes);
    const key = JSON.stringify(Object.entries(labels));
    let known = this.#labels.get(key);
    if (known === undefined) {
      known = Object.freeze(labels);
      this.#labels.set(key, known);
    }
    return known;
  }
}
