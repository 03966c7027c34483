// Scrapes as Prometheus does, and checks that a variant counted all requests.
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import protobuf from 'protobufjs';
import { file } from './children.mjs';

const schema = protobuf.loadSync(file('../test/support/prometheus.proto'));
const MetricFamily = schema.lookupType('io.prometheus.client.MetricFamily');

const agent = new Agent({ keepAlive: true });

/** The header of a Prometheus that asks for native histograms. */
export const PROTOBUF = {
  Accept: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,*/*;q=0.1',
};

/** @returns the uncompressed exposition, and the milliseconds until its last byte was read */
export function scrape(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    get(url, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const ms = performance.now() - start;
        const body = Buffer.concat(chunks);
        resolve({ ms, body, text: body.toString() });
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

/** The same of the native histograms in protobuf messages. */
export function countNativeRequests(body, histogram = 'http_duration') {
  const reader = protobuf.Reader.create(body);
  const found = { series: 0, count: 0 };
  while (reader.pos < reader.len) {
    const { name, metric } = MetricFamily.decodeDelimited(reader);
    if (name !== histogram) continue;
    for (const { histogram } of metric) {
      let [count, total] = [0, Number(histogram.zeroCount)];
      for (const delta of histogram.positiveDelta) {
        count += Number(delta);
        total += count;
      }
      found.series++;
      found.count += total;
    }
  }
  return found;
}

/** The same of a snapshot. */
export function countSnapshotRequests(text) {
  const { requests } = JSON.parse(text);
  return { series: requests.length, count: requests.reduce((sum, series) => sum + series.requests, 0) };
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
