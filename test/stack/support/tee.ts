import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Tee {
  /** For OTEL_EXPORTER_OTLP_METRICS_ENDPOINT. */
  url: string;
  /** Pushes that every receiver took. */
  delivered: number;
}

/** Hands each push on, byte for byte, to several receivers of OTLP; gone when the test ends. */
export async function startTee(receivers: readonly string[]): Promise<Tee> {
  const server = createServer(async (request, response) => {
    const body = new Uint8Array(await buffer(request));
    const headers = { 'Content-Type': request.headers['content-type'] ?? '' };
    const answers = await Promise.all(
      receivers.map(async (url) => {
        const answer = await fetch(url, { method: 'POST', headers, body }).catch((error) => error as Error);
        return answer instanceof Error ? `${url}: ${answer.cause}` : answer.ok || `${url}: ${await answer.text()}`;
      }),
    );
    const refused = answers.filter((answer) => answer !== true);
    if (refused.length === 0) tee.delivered++;
    response.writeHead(refused.length === 0 ? 200 : 503, headers).end(refused.join('\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const tee = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`, delivered: 0 };
  return tee;
}
