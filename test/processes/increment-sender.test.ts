import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import type { Increments } from '../../src/metrics/increments.ts';
import { createProcessMetrics } from '../../src/metrics/process-metrics.ts';
import { createProcessSeries } from '../../src/metrics/process-series.ts';
import { IncrementLog } from '../../src/processes/increment-log.ts';
import { IncrementSender, type ToLeader } from '../../src/processes/increment-sender.ts';
import type { FollowerMessage } from '../../src/processes/messages.ts';
import { WireReader } from '../../src/processes/wire-reader.ts';

const PATHS = 2_000;

/** A sender, and what a leader reads of it. The leader reads no more than `limit` commits. */
function createSender() {
  const series = createProcessSeries({ buckets: [1], maxPaths: PATHS, knownMethods: ['GET'] });
  const reader = new WireReader(series.kinds);
  const received = { limit: Number.POSITIVE_INFINITY, commits: [] as Increments[] };
  const lines = {
    isOpen: true,
    get isDrained() {
      return received.commits.length < received.limit;
    },
    sendAll(messages: Iterable<FollowerMessage>) {
      for (const message of messages) {
        if (message.type === 'increments') reader.addIncrements(JSON.parse(JSON.stringify(message.part)));
        if (message.type === 'commit') received.commits.push(reader.takeIncrements());
      }
    },
  };
  const sender = new IncrementSender(lines as unknown as ToLeader, 'leader', {
    local: createProcessMetrics(series.all, () => [], {} as MetricReader),
    unacknowledged: new IncrementLog(series.kinds),
    sent: { leader: undefined, number: 0 },
    kinds: series.kinds,
  });
  const requestAll = () => {
    for (let i = 0; i < PATHS; i++) series.plain.requests.record(`/${i}`, 'GET', 200, 0.5);
  };
  return { sender, received, requestAll };
}

const lengths = (commits: readonly Increments[]) => commits.map(({ series }) => series.requests?.length);

/** How many series have how many requests. */
function countSeries(commits: readonly Increments[]): Record<number, number> {
  const requests = new Map<unknown, number>();
  for (const { labels, count } of commits.flatMap(({ series }) => series.requests ?? [])) {
    requests.set(labels.path, (requests.get(labels.path) ?? 0) + count);
  }
  const series: Record<number, number> = {};
  for (const count of requests.values()) series[count] = (series[count] ?? 0) + 1;
  return series;
}

it('sends thousands of series in commits that are each short enough for one turn of the event loop', async () => {
  const { sender, received, requestAll } = createSender();
  requestAll();
  await sender.sendSeries();
  expect(lengths(received.commits)).toEqual([500, 500, 500, 500]);
  expect(countSeries(received.commits)).toEqual({ 1: PATHS });
});

it('sends everything once when the process exits between two turns', async () => {
  const { sender, received, requestAll } = createSender();
  requestAll();
  const sending = sender.sendSeries();
  expect(lengths(received.commits)).toEqual([500]);
  requestAll();
  sender.flush();
  expect(countSeries(received.commits)).toEqual({ 2: PATHS });
  await sending;
  expect(countSeries(received.commits)).toEqual({ 2: PATHS });
});

it('continues with the series that had no turn, where the leader read nothing for a while', async () => {
  const { sender, received, requestAll } = createSender();
  for (received.limit = 1; received.limit <= 4; received.limit++) {
    requestAll();
    await sender.sendSeries();
  }
  expect(lengths(received.commits)).toEqual([500, 500, 500, 500]);
  expect(countSeries(received.commits)).toEqual({ 1: 500, 2: 500, 3: 500, 4: 500 });
});
