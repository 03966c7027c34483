import type { CallRecord, CallSink, CallTarget } from './calls/call-record.ts';
import type { Context } from './context/context.ts';
import type { SpentOn } from './context/request-context.ts';
import { limitHost } from './metrics/call-series.ts';
import type { Series } from './metrics/model.ts';
import type { ProcessSeries } from './metrics/process-series.ts';
import { ERROR_TYPE, ON_CODE, ON_UNSEEN, OTHER, PROTOCOL_VERSION } from './semconv.ts';

type OutgoingSeries = Pick<ProcessSeries, 'calls' | 'databaseCalls' | 'plain'>;

/**
 * What runs once per outgoing call: at its start, that its request waits for it; at its end the same, and its series.
 * @param context undefined where it is not known which request makes a call
 */
export function createCallPipeline(series: OutgoingSeries, context: Context | undefined): CallSink {
  const boundOf = (target: CallTarget): BoundTarget => {
    const bound = target.tag as BoundTarget | undefined;
    // A source may keep its targets for longer than one instance measures, and make one of another.
    if (bound?.owner === series && bound.target === target) return bound;
    const created = new BoundTarget(series, target);
    target.tag = created;
    return created;
  };
  return {
    started(call) {
      const request = context?.current;
      if (request === undefined) return;
      const { on, isKnown } = boundOf(call.target);
      call.tag = request.callStarts(on, call.start, isKnown);
    },
    ended(call) {
      const bound = boundOf(call.target);
      endTime(call, bound);
      bound.record(call);
    },
  };
}

function endTime({ tag, start, seconds }: CallRecord, { on, isKnown }: BoundTarget): void {
  const spent = tag as SpentOn | undefined;
  if (spent === undefined) return;
  if (isKnown && !spent.isKnown) spent.on = on;
  spent.callEnds(start + seconds * 1000);
}

/** The series of the calls of one target, by how they ended. */
class BoundTarget {
  readonly owner: OutgoingSeries;
  /** The label `on` of time that is spent on such calls. */
  readonly on: string;
  /** Whether the driver has told the host. Some know it only when the call ends. */
  readonly isKnown: boolean;
  readonly target: CallTarget;
  readonly #series = new Map<number | string | undefined, Series>();

  constructor(owner: OutgoingSeries, target: CallTarget) {
    const { kind, system, host } = target;
    this.owner = owner;
    this.isKnown = host !== OTHER;
    const called = limitHost(host);
    // A service may be named like our own values.
    const isPlain = kind === 'http' && called !== ON_CODE && called !== ON_UNSEEN;
    this.on = isPlain ? called : `${system} ${called}`;
    this.target = target;
  }

  record(call: CallRecord): void {
    const { kind, details } = this.target;
    // Only the details tell more than the status, so without them a call costs no text.
    const outcome = details === undefined ? call.status : `${call.status} ${call.error} ${call.protocol}`;
    let series = this.#series.get(outcome);
    if (series === undefined) {
      series = this.#find(call);
      this.#series.set(outcome, series);
    }
    this.owner[kind === 'http' ? 'calls' : 'databaseCalls'].add(series, call.seconds);
  }

  #find(call: CallRecord): Series {
    const { kind, system, host, operation, details: known } = this.target;
    const { calls, databaseCalls, plain } = this.owner;
    const details = known && withOutcome(known, call);
    return kind === 'http'
      ? calls.find({ host, method: plain.requests.methodLabel(operation), status: call.status, details })
      : databaseCalls.find({ system, host, operation, details });
  }
}

/** In one order, so that the same attributes are the same text in every process. */
function withOutcome(details: string, { error, protocol }: CallRecord): string {
  const attributes = { ...JSON.parse(details), [ERROR_TYPE]: error, [PROTOCOL_VERSION]: protocol };
  return JSON.stringify(attributes, Object.keys(attributes).sort());
}
