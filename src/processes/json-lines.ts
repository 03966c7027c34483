import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { guard } from '../base/guard.ts';
import { setImmediate } from '../base/timers.ts';

/** A sender cuts its messages into far shorter lines. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;

/** Messages over a local socket: one JSON value per line. `Out` is what this end sends. */
export class JsonLines<Out> {
  readonly #socket: Socket;
  /** The beginning of a line that has not ended yet. */
  #partial = '';

  /**
   * @param onMessage called with each message; an error that it throws ends the connection, as a line that is no JSON does
   * @param onClose   called once when the connection is over; with the error, where it ended by one of these
   */
  constructor(socket: Socket, onMessage: (message: unknown) => void, onClose: (error: Error | undefined) => void) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    let failure: Error | undefined;
    socket.on('data', (data: Buffer) => {
      if (failure !== undefined) return;
      // Split only the new text: searching the partial line again would take quadratic time.
      const [first = '', ...others] = decoder.write(data).split('\n');
      const lines = [this.#partial + first, ...others];
      this.#partial = lines.pop() as string;
      try {
        for (const line of lines) onMessage(JSON.parse(line));
        if (this.#partial.length > MAX_LINE_CHARS) throw new Error('a line is too long');
      } catch (cause) {
        failure = cause instanceof Error ? cause : new Error(String(cause));
        socket.destroy();
      }
    });
    // An error is always followed by 'close'.
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.on('close', () => guard('end a connection to another process', () => onClose(failure)));
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** Whether the system has taken everything that was sent. */
  get isDrained(): boolean {
    return this.isOpen && this.#socket.writableLength === 0;
  }

  /** Writes synchronously where the other end reads: this also works for a process that is about to exit. */
  send(message: Out): void {
    if (this.isOpen) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * Writes after everything that has arrived was read. A write to a process that has just exited fails, and Node then
   * drops the lines that the process sent last.
   */
  sendAfterReading(message: Out): void {
    setImmediate(() => guard('send to another process', () => this.send(message)));
  }

  /** Closes once everything has been sent. */
  end(): void {
    this.#socket.end();
  }

  /** Closes at once. */
  close(): void {
    this.#socket.destroy();
  }
}
