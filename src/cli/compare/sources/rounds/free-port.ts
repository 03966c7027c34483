import { once } from 'node:events';
import { createServer } from 'node:net';

/** Systems pick ports for clients, and for servers without a port, above these. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;

/**
 * A free port of this machine. It is none that the system picks: another program could otherwise get it before the
 * service listens, and the scrapes would reach that program.
 * @param accept further condition
 */
export async function findFreePort(accept: (port: number) => boolean = () => true): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (accept(port) && (await isFree(port))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  for (const host of ['localhost', '127.0.0.1']) {
    const server = createServer().listen(port, host);
    try {
      await once(server, 'listening');
    } catch {
      return false;
    }
    server.close();
    await once(server, 'close');
  }
  return true;
}
