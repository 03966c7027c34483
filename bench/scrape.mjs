// Scrapes as Prometheus does, and checks that a variant counted all requests.
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true });

/** @returns the uncompressed exposition, and the milliseconds until its last byte was read */
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

/** The number of series of a histogram, and the sum of their counts. */
export function countRequests(text, histogram = 'http_duration') {
  const found = { series: 0, count: 0 };
  for (const [, value] of text.matchAll(new RegExp(`^${histogram}_count(?:\\{.*\\})? (\\S+)`, 'gm'))) {
    found.series++;
    found.count += Number(value);
  }
  return found;
}

/** Throws unless the variant counted every request: a variant that measures nothing would look fast. */
export async function assertCounted(server, expected, histogram) {
  // A bare server has no metrics.
  if (!server.metricsUrl) return;
  let found;
  // The server records a response when it closes, which can be after the client has read it.
  for (let i = 0; i < 20; i++) {
    found = countRequests((await scrape(server.metricsUrl)).text, histogram).count;
    if (found === expected) return;
    await sleep(50);
  }
  throw new Error(`expected ${expected} counted requests, got ${found}: ${server.process.spawnargs.join(' ')}`);
}
