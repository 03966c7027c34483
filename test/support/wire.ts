import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP connection on which a test sends any bytes, and disconnects in any way. */
export class Wire {
  /** All data from the other side, as latin1. */
  received = '';
  readonly socket: Socket;
  /** Resolves when either side has closed the connection. */
  readonly closed: Promise<unknown>;

  private constructor(socket: Socket) {
    this.socket = socket;
    // Tests check how a connection ends, so an error must not fail them: `once` would reject.
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

  /** Sends all parts in one write. */
  send(...parts: (string | Buffer)[]): void {
    this.socket.write(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
    );
  }

  /** Waits for data from the other side. Fails with the received data when the connection closes before. */
  waitForData(expected: RegExp | ((received: string) => boolean)): Promise<void> {
    const holds = typeof expected === 'function' ? expected : (received: string) => expected.test(received);
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.socket.off('data', check).off('close', fail);
      };
      const fail = () => {
        stop();
        reject(new Error(`expected ${expected}, received:\n${this.received}`));
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

  /** Closes the sending side, and goes on receiving. */
  end(): void {
    this.socket.end();
  }

  /** Closes the connection, as a client that exits does. */
  close(): void {
    this.socket.destroy();
  }

  /** Resets the connection: the other side gets an RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** The bytes of a request. */
export const http = (line: string, ...headers: string[]) =>
  `${line} HTTP/1.1\r\n${['Host: test', ...headers].join('\r\n')}\r\n\r\n`;
