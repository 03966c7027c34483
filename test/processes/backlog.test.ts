import { expect, it } from 'vitest';
import type { Increments } from '../../src/metrics/increments.ts';
import { createKinds } from '../../src/metrics/kinds.ts';
import { Backlog } from '../../src/processes/backlog.ts';
import { IncrementLog } from '../../src/processes/increment-log.ts';

const kinds = createKinds({ buckets: [] });

const requests = (path: string, count: number): Increments => ({
  series: {
    requests: [{ labels: { path, method: 'GET', status: 200 }, guessed: false, count, sum: 0, buckets: [count] }],
  },
  instruments: [],
});

const byPath = ({ series: { requests = [] } }: Increments) =>
  Object.fromEntries(requests.map(({ labels, count }) => [labels.path, count]));

/** Creates a log with these increments. */
function logOf(...additions: Increments[]): IncrementLog {
  const log = new IncrementLog(kinds);
  for (const increments of additions) log.add(increments);
  return log;
}

it('does not hand over what a scrape has shown of a follower that disconnected before the scrape was acknowledged', () => {
  const backlog = new Backlog(kinds);
  const log = logOf(requests('/ann', 1));
  backlog.add(requests('/own', 2));
  // In this order: a scrape shows both, the follower disconnects, the scrape is acknowledged.
  const { lastNumber } = log;
  const acknowledge = backlog.prepareAcknowledge();
  backlog.addDeparted(log);
  log.acknowledge(lastNumber);
  acknowledge();
  expect(byPath(backlog.read())).toEqual({});
});

it('hands over what a follower sent after the scrape, and what a follower sent without any scrape', () => {
  const backlog = new Backlog(kinds);
  const log = logOf(requests('/ann', 1));
  const { lastNumber } = log;
  const acknowledge = backlog.prepareAcknowledge();
  log.add(requests('/ann', 4));
  backlog.addDeparted(log);
  log.acknowledge(lastNumber);
  acknowledge();
  backlog.addDeparted(logOf(requests('/bob', 3)));
  expect(byPath(backlog.read())).toEqual({ '/ann': 4, '/bob': 3 });
  backlog.prepareAcknowledge()();
  expect(byPath(backlog.read())).toEqual({});
});

it('acknowledges followers that disconnected before the scrape was made, and no others', () => {
  const backlog = new Backlog(kinds);
  backlog.addDeparted(logOf(requests('/ann', 1)));
  const acknowledge = backlog.prepareAcknowledge();
  backlog.addDeparted(logOf(requests('/bob', 2)));
  acknowledge();
  expect(byPath(backlog.read())).toEqual({ '/bob': 2 });
});

it('loses nothing of hundreds of followers that come and go while nothing is scraped', () => {
  const backlog = new Backlog(kinds);
  for (let i = 0; i < 300; i++) backlog.addDeparted(logOf(requests('/ann', 1), requests('/bob', 2)));
  expect(byPath(backlog.read())).toEqual({ '/ann': 300, '/bob': 600 });
});

it('hands over requests that the scrape has shown as 0, until a scrape has their value', () => {
  const backlog = new Backlog(kinds);
  const shownAsZero = [{ path: '/ann', method: 'GET', status: 200 }];
  backlog.addDeparted(logOf(requests('/ann', 1), requests('/bob', 2)));
  backlog.add(requests('/ann', 4));
  backlog.prepareAcknowledge()(shownAsZero);
  backlog.add(requests('/ann', 8));
  expect(byPath(backlog.read())).toEqual({ '/ann': 13 });
  backlog.prepareAcknowledge()();
  expect(byPath(backlog.read())).toEqual({});
});

it('keeps, of requests that a scrape has shown as 0, those with the same labels of the app', () => {
  const labelled = createKinds({ buckets: [], labels: { tenant: 'header:x-tenant' } });
  const failure = (tenant: string) => ({ path: '/pay', method: 'GET', status: 500, tenant });
  const log = new IncrementLog(labelled);
  const series = ['ann', 'bob'].map((tenant) => ({
    labels: failure(tenant),
    guessed: false,
    count: 3,
    sum: 0,
    buckets: [3],
  }));
  log.add({ series: { requests: series }, instruments: [] });
  log.acknowledge(log.lastNumber, [failure('ann')]);
  expect(log.read().series.requests?.map(({ labels, count }) => [labels.tenant, count])).toEqual([['ann', 3]]);
});
