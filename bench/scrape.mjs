// One scrape as Prometheus does it, and what it must prove: that the variant recorded what was sent.
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true });

/** The whole exposition, uncompressed, and the milliseconds until its last byte was read. */
export function scrape(url) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    get(url, { agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const ms = performance.now() - start;
        resolve({ ms, text: Buffer.concat(chunks).toString() });
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** Series of a histogram and the sum of their counts. */
export function counted(text, histogram = 'http_duration') {
  const found = { series: 0, count: 0 };
  for (const [, value] of text.matchAll(new RegExp(`^${histogram}_count(?:\\{.*\\})? (\\S+)`, 'gm'))) {
    found.series++;
    found.count += Number(value);
  }
  return found;
}

/** Fails unless the variant counted exactly what was sent: a bench of nothing must not pass. */
export async function assertCounted(server, expected, histogram) {
  // A bare server has nothing to ask.
  if (!server.metricsUrl) return;
  let found;
  // A response is recorded when it closed, which may be just after the client has read it.
  for (let i = 0; i < 20; i++) {
    found = counted((await scrape(server.metricsUrl)).text, histogram).count;
    if (found === expected) return;
    await sleep(50);
  }
  throw new Error(`${found} requests counted of ${expected} sent: ${server.process.spawnargs.join(' ')}`);
}
