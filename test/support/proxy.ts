import { createServer, type IncomingMessage, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A forwarding proxy that asks for a user and a password, as companies have. It forwards requests with a whole URL, and
 * opens tunnels by CONNECT. It keeps the request lines.
 * @param hosts names that only the proxy can resolve, and the ports of this machine that they stand for
 */
export async function startProxy(hosts: Readonly<Record<string, number>> = {}) {
  const lines: string[] = [];
  const refused: string[] = [];
  const expected = `Basic ${Buffer.from('me:s3cret@').toString('base64')}`;
  const isAllowed = ({ method, url, headers }: IncomingMessage): boolean => {
    const isKnown = headers['proxy-authorization'] === expected;
    (isKnown ? lines : refused).push(`${method} ${url}`);
    return isKnown;
  };

  const proxy = createServer((request, response) => {
    if (!isAllowed(request)) return void response.writeHead(407, { 'Proxy-Authenticate': 'Basic' }).end();
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const { hostname, port, pathname } = new URL(request.url ?? '');
    const to = { host: '127.0.0.1', port: hosts[hostname] ?? port, path: pathname, method: 'POST', headers };
    const forwarded = send(to, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  proxy.on('connect', (request: IncomingMessage, client: Socket) => {
    client.on('error', () => {});
    if (!isAllowed(request)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const tunnel = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(client).pipe(tunnel);
    });
    tunnel.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  const host = `localhost:${(proxy.address() as AddressInfo).port}`;
  return { lines, refused, shown: `http://${host}`, url: `http://me:s3cret%40@${host}` };
}
