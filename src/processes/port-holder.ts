import { connect } from 'node:net';
import { clearTimeout, setTimeout } from '../base/timers.ts';

const TIMEOUT_MS = 500;
/** A status is far shorter. Another program may send more. */
const MAX_CHARS = 256 * 1024;

/** The process that has a port. */
export interface PortHolder {
  readonly pid: number;
  readonly service: string;
}

/**
 * Asks the server at this port for its status. Over a socket of its own, because `node:http` would measure the request.
 * Without the token, because any program may have the port.
 * @returns `protected` where a metrics server of this package requires a token, undefined where it is no such server
 */
export async function askPortHolder(host: string, port: number): Promise<PortHolder | 'protected' | undefined> {
  const answer = await exchange(host, port, `GET /status HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
  if (answer.includes(`\r\nWWW-Authenticate: ${CHALLENGE}\r\n`)) return 'protected';
  try {
    const {
      package: { name },
      service,
      pid,
    } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    const isOurs = name === OWN_NAME && typeof service.name === 'string' && Number.isSafeInteger(pid);
    return isOurs ? { pid, service: service.name } : undefined;
  } catch {
    return undefined;
  }
}

const OWN_NAME = '@org/apm';

/** The `WWW-Authenticate` header of our servers: it says whose a server is without a token. */
export const CHALLENGE = `Bearer realm="${OWN_NAME}"`;

/** Never rejects. @returns what the server has answered in time */
function exchange(host: string, port: number, request: string): Promise<string> {
  // Every interface is no address of a server.
  const target = /^(0\.0\.0\.0|::)$/.test(host) ? 'localhost' : host;
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: target, port }).setEncoding('utf8');
    const timer = setTimeout(() => socket.destroy(), TIMEOUT_MS);
    timer.unref();
    socket.unref();
    socket.on('connect', () => socket.write(request));
    socket.on('data', (text) => {
      answer += text;
      if (answer.length > MAX_CHARS) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
