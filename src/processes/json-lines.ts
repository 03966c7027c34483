import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { guard } from '../base/guard.ts';

/** Longest line, in characters. What is sent is cut into far shorter ones. */
const LONGEST = 4 * 1024 * 1024;

/** Messages over a local socket: one JSON value on each line. */
export class JsonLines {
  readonly #socket: Socket;
  #rest = '';

  /**
   * @param heard told of each message; what it throws, like a line that is no JSON, ends the connection
   * @param closed told once the connection is over, and why where it was not the other side that wished so
   */
  constructor(socket: Socket, heard: (message: unknown) => void, closed: (why: Error | undefined) => void) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    let failure: Error | undefined;
    socket.on('data', (data: Buffer) => {
      if (failure !== undefined) return;
      // Only what is new can hold the end of a line: what came before is not looked through again.
      const [first = '', ...others] = decoder.write(data).split('\n');
      const lines = [this.#rest + first, ...others];
      this.#rest = lines.pop() as string;
      try {
        for (const line of lines) heard(JSON.parse(line));
        if (this.#rest.length > LONGEST) throw new Error('a line is too long');
      } catch (cause) {
        failure = cause instanceof Error ? cause : new Error(String(cause));
        socket.destroy();
      }
    });
    // The one who is gone does not read; that it is gone is told by 'close'.
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.on('close', () => guard('end a connection to another process', () => closed(failure)));
  }

  /** Whether what was sent before has been taken. */
  get ready(): boolean {
    return this.#socket.writableLength === 0 && this.#socket.writable;
  }

  /** At once, where the other side reads: also from a process that is about to end. */
  send(message: unknown): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Once everything has been sent. */
  end(): void {
    this.#socket.end();
  }

  /** At once. */
  close(): void {
    this.#socket.destroy();
  }
}
