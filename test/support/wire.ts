import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection on which a test says what it wants to, byte by byte, and leaves as it wants to. */
export class Wire {
  /** All that came back. */
  received = '';
  readonly socket: Socket;
  /** The other side, or this one, has closed it. */
  readonly closed: Promise<unknown>;

  private constructor(socket: Socket) {
    this.socket = socket;
    // How a connection ends is what is tested; `once` would reject at an error.
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text;
    });
    onTestFinished(() => void socket.destroy());
  }

  static async open(port: number): Promise<Wire> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** In one piece. */
  send(...parts: (string | Buffer)[]): void {
    this.socket.write(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
    );
  }

  /** Waits for text from the other side; fails when it does not come, with what did. */
  waitForData(what: RegExp | ((received: string) => boolean)): Promise<void> {
    const holds = typeof what === 'function' ? what : (received: string) => what.test(received);
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.socket.off('data', check).off('close', fail);
      };
      const fail = () => {
        stop();
        reject(new Error(`${what} was not said, but:\n${this.received}`));
      };
      const check = () => {
        if (!holds(this.received)) return;
        stop();
        resolve();
      };
      const timer = setTimeout(fail, 20_000);
      this.socket.on('data', check).on('close', fail);
      check();
      if (this.socket.closed) fail();
    });
  }

  /** Says that there is nothing more to come, and goes on listening. */
  end(): void {
    this.socket.end();
  }

  /** Closes the connection, as a client that ends does. */
  close(): void {
    this.socket.destroy();
  }

  /** Breaks the connection: the other side gets an RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** The bytes of a request. */
export const http = (line: string, ...headers: string[]) =>
  `${line} HTTP/1.1\r\n${['Host: test', ...headers].join('\r\n')}\r\n\r\n`;
