import { now } from '../base/clock.ts';
import { reportFailure } from '../base/guard.ts';

/** The property with a call's record: on the request and the response of a client, on a query, or on a driver's message. */
export const CALL: unique symbol = Symbol('@org/apm call');

/** Receives each call twice: when it starts, and once when it ends. */
export interface CallSink {
  started(call: CallRecord): void;
  ended(call: CallRecord): void;
}

/**
 * What a call is made to, and with what. A source keeps one of these for each combination, so that a call costs no text.
 * @property kind      `database` for databases and caches
 * @property system    `http`, or the `db.system.name` of the semantic conventions, such as `postgresql`
 * @property host      with its port, unless that is the default of its scheme or system
 * @property operation the method of HTTP as sent; of a database from a short known list, else `other`. Never a statement, a key
 *                     or a value
 * @property details   as JSON: attributes that exist only under `APM_METRIC_NAMES=semconv`; undefined under other names
 * @property tag       free for the sink
 */
export interface CallTarget {
  readonly kind: 'http' | 'database';
  readonly system: string;
  readonly host: string;
  readonly operation: string;
  readonly details: string | undefined;
  tag?: unknown;
}

/**
 * One outgoing call, from its start to its end. One object serves both moments.
 * @property target   known at the start, except where only the answer tells the server: then it is replaced before the end
 * @property status   of HTTP; undefined where no answer came, and for databases
 * @property error    the `error.type` of the semantic conventions; undefined where the call succeeded
 * @property protocol `network.protocol.version`, such as `1.1`; undefined where it is not known. Only set for HTTP, and where
 *                    targets have details
 * @property seconds  from start to end; monotonic clock; set at the end
 * @property tag      free for the sink
 */
export class CallRecord {
  target: CallTarget;
  status: number | undefined = undefined;
  error: string | undefined = undefined;
  protocol: string | undefined = undefined;
  seconds = 0;
  tag: unknown = undefined;
  readonly start: number;
  #open = true;

  /** @param start where the call began a moment ago, in milliseconds of the monotonic clock */
  constructor(target: CallTarget, sink: CallSink, start = now()) {
    this.target = target;
    this.start = start;
    try {
      sink.started(this);
    } catch (cause) {
      reportFailure('record the start of an outgoing call', cause);
    }
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Ends the call. Only the first end reaches the sink, because several events may report the same end. */
  end(sink: CallSink, status?: number, error?: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.seconds = (now() - this.start) / 1000;
    this.status = status;
    this.error = error;
    try {
      sink.ended(this);
    } catch (cause) {
      reportFailure('record an outgoing call', cause);
    }
  }
}
