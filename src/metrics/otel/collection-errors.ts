import type { MetricReader, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { guard } from '../../base/guard.ts';
import { log } from '../../base/log.ts';

/** The part of the SDK's internals that is read here. A test checks it against the pinned version. */
interface Internals {
  _sdkMetricProducer?: { _sharedState?: { meterSharedStates?: Map<string, MeterState> } };
}
interface MeterState {
  observableRegistry?: { _callbacks?: readonly { instrument?: { _descriptor?: { name?: string } } }[] };
}

/** Further kinds are not logged, so that memory stays bounded. */
const MAX_KINDS = 20;
const kinds = new Set<string>();

/**
 * Logs the errors of a collection, each kind once. They come from the app's own observable callbacks, and the SDK does not
 * say from which one: the instruments without a value are named instead.
 */
export function reportCollectionErrors(
  errors: readonly unknown[],
  collected: readonly ScopeMetrics[],
  reader: MetricReader,
): void {
  // An app may throw anything, also a value that cannot be made a text.
  for (const error of errors) guard('log an error of an observable callback', () => report(error, collected, reader));
}

function report(error: unknown, collected: readonly ScopeMetrics[], reader: MetricReader): void {
  const isTimeout = error instanceof Error && error.constructor.name === 'TimeoutError';
  const text = error instanceof Error ? error.message : String(error);
  const kind = isTimeout ? 'timeout' : text.replace(/\d+/g, '#').slice(0, 200);
  if (kinds.has(kind) || kinds.size >= MAX_KINDS) return;
  kinds.add(kind);
  const names = instrumentsWithoutValue(reader, collected).join(', ');
  const which = names === '' ? 'of the app' : `of the app (instruments without a value: ${names})`;
  if (isTimeout) {
    log.warn(
      `an observable callback ${which} did not finish in time, so its values are missing; let it observe a value that is already known`,
    );
    return;
  }
  const detail = error instanceof Error ? (error.stack ?? text) : text;
  log.warn(
    `an observable callback ${which} threw, so its values are missing; correct the callback: ${detail}`,
    'failure',
    `an observable callback ${which} threw, so its values are missing; stderr of the app has the error`,
  );
}

/** Names of instruments that have a callback, and no value in this collection. */
function instrumentsWithoutValue(reader: MetricReader, collected: readonly ScopeMetrics[]): string[] {
  const meters = (reader as unknown as Internals)._sdkMetricProducer?._sharedState?.meterSharedStates?.values() ?? [];
  const withValue = new Set(
    collected.flatMap(({ metrics }) =>
      metrics.filter(({ dataPoints }) => dataPoints.length > 0).map(({ descriptor }) => descriptor.name),
    ),
  );
  const names = [...meters].flatMap(({ observableRegistry }) =>
    (observableRegistry?._callbacks ?? []).map(({ instrument }) => instrument?._descriptor?.name),
  );
  return [...new Set(names)].filter((name) => name !== undefined && !withValue.has(name)) as string[];
}
