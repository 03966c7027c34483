import type { ServerHttp2Stream } from 'node:http2';
import { clearInterval, setInterval } from '../base/timers.ts';

/** Open calls are looked at this often. */
const INTERVAL_MS = 500;
/** A call that was seen answering this many times has been open for a second since its answer began. */
const LOOKS_UNTIL_HELD = 3;

/** The standard method by which a client waits for changes of a server's health. */
const HEALTH_WATCH = '/grpc.health.v1.Health/Watch';

/**
 * gRPC calls that have not ended, to tell a stream from an answer. HTTP/2 shows no difference between a call with one
 * answer and a stream of messages: both are POSTs, and when the header was sent is not kept. But a call with one answer
 * sends its header, message and status together. So a call that is still open a second after its header was sent is a
 * stream. Looking costs nothing per message, and nothing while no call is open.
 */
export class OpenCalls {
  /** How often each call was seen open with its header sent. */
  readonly #looks = new Map<ServerHttp2Stream, number>();
  #timer: NodeJS.Timeout | undefined;

  add(stream: ServerHttp2Stream): void {
    this.#looks.set(stream, 0);
    this.#timer ??= setInterval(() => this.#look(), INTERVAL_MS).unref();
  }

  has(stream: ServerHttp2Stream): boolean {
    return this.#looks.has(stream);
  }

  /** Forgets a call. @returns whether it was a stream that stayed open */
  remove(stream: ServerHttp2Stream, path: string): boolean {
    const looks = this.#looks.get(stream) ?? 0;
    this.#looks.delete(stream);
    return looks >= LOOKS_UNTIL_HELD || path === HEALTH_WATCH;
  }

  #look(): void {
    for (const [stream, looks] of this.#looks) if (stream.headersSent) this.#looks.set(stream, looks + 1);
    if (this.#looks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
