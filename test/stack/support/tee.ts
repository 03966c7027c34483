import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Tee {
  /** For OTEL_EXPORTER_OTLP_METRICS_ENDPOINT. */
  url: string;
  /** How many pushes all receivers accepted. */
  delivered: number;
  /** How many pushes one receiver did not accept. */
  refused: number;
}

/**
 * Starts a server that forwards each push unchanged to one OTLP receiver after the other, and stops at the first that does
 * not accept it. Ends with the test.
 */
export async function startTee(receivers: readonly string[]): Promise<Tee> {
  const server = createServer(async (request, response) => {
    const body = new Uint8Array(await buffer(request));
    const headers = { 'Content-Type': request.headers['content-type'] ?? '' };
    let refused = '';
    for (const url of receivers) {
      const answer = await fetch(url, { method: 'POST', headers, body }).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.ok) continue;
      refused = `${url}: ${answer instanceof Error ? answer.cause : await answer.text()}`;
      break;
    }
    if (refused) tee.refused++;
    else tee.delivered++;
    response.writeHead(refused ? 503 : 200, headers).end(refused);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const tee = { url: `http://127.0.0.1:${port}/v1/metrics`, delivered: 0, refused: 0 };
  return tee;
}
