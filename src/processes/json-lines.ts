import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { guard } from '../base/guard.ts';

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
    endAtFailedWrite(socket);
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
    this.sendAll([message]);
  }

  /**
   * Writes all messages at once. The buffer of a socket holds about 200 KB in one write, and only 278 short lines in a
   * write each: an exiting process loses what the buffer does not hold.
   */
  sendAll(messages: Iterable<Out>): void {
    const text = Array.from(messages, (message) => `${JSON.stringify(message)}\n`).join('');
    if (text !== '' && this.isOpen) this.#socket.write(text);
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

/**
 * A write to a process that has exited fails. Node then destroys the socket, and drops what that process has sent last
 * and this one has not read. Here a failed write only ends the writing: reading continues to the end of the connection.
 */
function endAtFailedWrite(socket: Socket): void {
  const { _write, _writev } = socket;
  const ending = (callback: Callback) => (error?: Error | null) => {
    callback();
    if (error) socket.end();
  };
  socket._write = (chunk, encoding, callback) => _write.call(socket, chunk, encoding, ending(callback));
  socket._writev = (chunks, callback) => _writev?.call(socket, chunks, ending(callback));
}

type Callback = (error?: Error | null) => void;
