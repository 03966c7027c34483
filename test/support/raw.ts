import { connect, type Socket } from 'node:net';

/** A connection whose every byte the test decides on. */
export class Raw {
  received = '';
  closed = false;
  readonly socket: Socket;
  readonly #changed = new Set<() => void>();

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text;
      for (const check of this.#changed) check();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.closed = true;
      for (const check of this.#changed) check();
    });
  }

  send(...lines: string[]): this {
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return this;
  }

  #when(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!holds()) return;
        this.#changed.delete(check);
        resolve();
      };
      this.#changed.add(check);
      check();
    });
  }

  /** Resolves when the other side has sent this text. */
  got(text: string): Promise<void> {
    return this.#when(() => this.received.includes(text));
  }

  /** Resolves when the connection is closed. */
  end(): Promise<void> {
    return this.#when(() => this.closed);
  }

  /** Leaves without a word, as a client whose network broke or whose tab was closed. */
  leave(): void {
    this.socket.resetAndDestroy();
  }
}
