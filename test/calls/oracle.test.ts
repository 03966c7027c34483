import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { NODE_VERSIONS, type NodeVersion, OLDEST_NODE } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { OURS, record, UPSTREAM } from './recording.ts';

const VERSIONS = [OLDEST_NODE, NODE_VERSIONS.at(-1) as NodeVersion] as const;
const SEED = 18;
const CALLS = 600;
const LARGEST_DIFFERENCE = 0.05;
/** Their time begins before Node's constructor of a request, and ours after it: 4 % of a call to a closed port. */
const CONSTRUCTOR_SECONDS = 0.0001;

/** By host, method and status. */
type Totals = Record<string, { count: number; seconds: number }>;

/**
 * The same random calls three times: recorded by OpenTelemetry's instrumentations alone, by us alone, and by both, which then
 * see the same moments. No call is an upgrade or CONNECT, which the instrumentations count without its status, or ends by
 * `abort()` after its answer began, which they do not count.
 */
async function runCalls(version: NodeVersion) {
  const server = await startApp('test/apps/calls/oracle-server.mjs', { flags: [], ready: /^listening (.*)$/m });
  const [, origins = ''] = server.ready.exec(server.stdout) ?? [];
  const args = [origins, String(SEED), String(CALLS)];
  const run = (...recorders: string[]) =>
    record<Record<'ours' | 'upstream', Totals>>('test/apps/calls/oracle-traffic.cjs', { version, args, recorders });
  // One after another, because they would slow each other down.
  return { alone: { ...(await run(UPSTREAM)), ours: (await run(OURS)).ours }, together: await run(UPSTREAM, OURS) };
}

const counts = (totals: Totals): Record<string, number> =>
  Object.fromEntries(Object.entries(totals).map(([key, { count }]) => [key, count]));

/** Sums of many calls: a busy machine may stop the process between the two recordings of one call. */
function byHost(totals: Totals): Totals {
  const sums: Totals = {};
  for (const [key, { count, seconds }] of Object.entries(totals)) {
    const host = key.split(' ', 1)[0] as string;
    const known = sums[host] ?? { count: 0, seconds: 0 };
    sums[host] = { count: known.count + count, seconds: known.seconds + seconds };
  }
  return sums;
}

describe("we record the same outgoing calls as OpenTelemetry's instrumentations, with the same time", () => {
  const run = shared(() => Promise.all(VERSIONS.map(runCalls)));

  it.each(VERSIONS.map((version, i) => [version, i] as const))('on Node %s', (_, i) => {
    const { alone, together } = run()[i] as Awaited<ReturnType<typeof runCalls>>;
    const expected = counts(alone.upstream);
    expect(Object.values(expected).reduce((sum, count) => sum + count)).toBe(CALLS);
    expect(counts(alone.ours)).toEqual(expected);
    expect(counts(together.ours)).toEqual(expected);
    expect(counts(together.upstream)).toEqual(expected);
    const theirs = byHost(together.upstream);
    for (const [host, { count, seconds }] of Object.entries(byHost(together.ours))) {
      const expectedSeconds = theirs[host]?.seconds ?? 0;
      const difference = Math.abs(seconds - expectedSeconds);
      const isClose = difference <= expectedSeconds * LARGEST_DIFFERENCE + count * CONSTRUCTOR_SECONDS;
      expect([host, seconds, expectedSeconds, isClose]).toEqual([host, seconds, expectedSeconds, true]);
    }
  });
});
