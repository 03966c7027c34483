import { describe, expect, it } from 'vitest';
import { Aggregate } from '../../src/metrics/aggregate.ts';
import { IncrementSum, type Increments } from '../../src/metrics/increments.ts';
import { createKinds } from '../../src/metrics/kinds.ts';
import type { SeriesByKind } from '../../src/metrics/series-set.ts';
import { repeated } from '../support/histograms.ts';

const request = (path: string, count: number, status = 200) => ({
  labels: { path, method: 'GET', status },
  guessed: false,
  count,
  sum: count / 2,
  buckets: [count, 0],
  fine: repeated(count, 0.5),
});
const call = (host: string, count: number, status?: number) => ({
  labels: { host, method: 'GET', status },
  guessed: false,
  count,
  sum: count * 4,
  buckets: [0, count],
  fine: repeated(count, 4),
});
const kinds = createKinds({ buckets: [1] });
const increments = (series: SeriesByKind): Increments => ({ series, instruments: [] });
const create = (maxPaths = 10) => new Aggregate({ kinds, gauges: () => undefined, maxPaths });

describe('the metrics of several processes', () => {
  it('are added up: requests by path, method and status, calls by host, method and status', () => {
    const aggregate = create();
    aggregate.add(increments({ requests: [request('/a', 2), request('/b', 1)], calls: [call('db', 3)] }));
    aggregate.add(increments({ requests: [request('/a', 4), request('/a', 1, 500)], calls: [call('db', 1, 200)] }));
    expect(aggregate.read()).toEqual({
      series: {
        requests: [request('/a', 6), request('/b', 1), request('/a', 1, 500)],
        calls: [call('db', 3), call('db', 1, 200)],
        databaseCalls: [],
        timeSpent: [],
        requestSizes: [],
        responseSizes: [],
      },
      active: [],
      instruments: [],
    });
  });

  it('keep the counts of a process that exits, without its requests in flight', () => {
    const aggregate = create();
    const [one, two] = [{ pid: '1' }, { pid: '2' }];
    for (const source of [one, two]) {
      aggregate.add(increments({ requests: [request('/a', 4)] }));
      aggregate.setStates(source, { active: [{ method: 'GET', requests: 3 }], instruments: [] });
    }
    expect(aggregate.read()).toMatchObject({
      series: { requests: [request('/a', 8)] },
      active: [{ method: 'GET', requests: 6 }],
    });
    aggregate.removeStates(one);
    expect(aggregate.read()).toMatchObject({
      series: { requests: [request('/a', 8)] },
      active: [{ method: 'GET', requests: 3 }],
    });
  });

  it('have one cap on paths and hosts: later ones are counted as other, and no series moves', () => {
    const aggregate = create(2);
    for (const paths of [
      ['/a', '/b'],
      ['/c', 'unmatched', '/a'],
      ['/d', 'other'],
    ]) {
      aggregate.add(
        increments({
          requests: paths.map((path) => request(path, 1)),
          calls: paths.map((host) => call(host, 1)),
        }),
      );
    }
    const { requests = [], calls = [] } = aggregate.read().series;
    const found = { '/a': 2, '/b': 1, other: 3, unmatched: 1 };
    expect(Object.fromEntries(requests.map(({ labels, count }) => [labels.path, count]))).toEqual(found);
    expect(Object.fromEntries(calls.map(({ labels, count }) => [labels.host, count]))).toEqual(found);
  });

  describe('with routes and guessed paths', () => {
    const guess = (path: string, count = 1, status = 200) => ({ ...request(path, count, status), guessed: true });
    const counts = ({ series: { requests = [] } }: Pick<Increments, 'series'>) =>
      Object.fromEntries(requests.map(({ labels, count }) => [labels.path, count]));

    it('have a cap for each: no number of guesses takes the place of a route', () => {
      const aggregate = create(2);
      for (const path of ['/x1', '/x2', '/x3', '/x4']) aggregate.add(increments({ requests: [guess(path)] }));
      aggregate.add(increments({ requests: [request('/a', 1), request('/b', 1), request('/c', 1)] }));
      expect(counts(aggregate.read())).toEqual({ '/x1': 1, '/x2': 1, '/a': 1, '/b': 1, other: 3 });
    });

    it('count a guess as a route from the time on that any process knows it as one', () => {
      const aggregate = create(1);
      const [blog, users] = [guess('/blog'), guess('/users')];
      aggregate.add(increments({ requests: [blog, users] }));
      expect(counts(aggregate.read())).toEqual({ '/blog': 1, other: 1 });
      aggregate.add(increments({ requests: [request('/users', 2)] }));
      // The process that has guessed it sends the same series again.
      aggregate.add(increments({ requests: [users, blog] }));
      expect(counts(aggregate.read())).toEqual({ '/blog': 2, '/users': 3, other: 1 });
    });

    it('give the place of a guess that turned out to be a route to the next guess', () => {
      const aggregate = create(1);
      aggregate.add(increments({ requests: [guess('/users')] }));
      aggregate.add(increments({ requests: [request('/users', 1), guess('/blog')] }));
      expect(counts(aggregate.read())).toEqual({ '/users': 2, '/blog': 1 });
    });

    it('keep a path with all its statuses and sizes, whichever of them was a guess', () => {
      const aggregate = create(1);
      const size = (guessed: boolean) => ({
        labels: { path: '/users', method: 'GET' },
        guessed,
        count: 1,
        sum: 10,
        buckets: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      });
      aggregate.add(increments({ requests: [guess('/blog'), request('/users', 1)], requestSizes: [size(false)] }));
      aggregate.add(increments({ requests: [guess('/users', 1, 500)], requestSizes: [size(true)] }));
      expect(aggregate.read().series).toMatchObject({
        requests: [guess('/blog'), request('/users', 1), guess('/users', 1, 500)],
        requestSizes: [{ labels: { path: '/users', method: 'GET' }, guessed: false, count: 2 }],
      });
    });

    it('are handed over with what is known of them', () => {
      const [first, second] = [create(1), create(1)];
      first.add(increments({ requests: [guess('/x1'), guess('/x2'), request('/users', 1)] }));
      second.add(increments({ requests: [guess('/x3')] }));
      second.add(first.readIncrements());
      expect(counts(second.read())).toEqual({ '/x3': 1, '/users': 1, other: 2 });
    });
  });

  it('are handed over as increments that another aggregate can add', () => {
    const [first, second] = [create(), create()];
    first.add(increments({ requests: [request('/a', 2)], calls: [call('db', 1)] }));
    const handedOver = first.readIncrements();
    first.add(increments({ requests: [request('/a', 5)] }));
    second.add(increments({ requests: [request('/a', 1)] }));
    second.add(handedOver);
    expect(second.read()).toMatchObject({ series: { requests: [request('/a', 3)], calls: [call('db', 1)] } });
  });
});

it('adds up increments without changing them', () => {
  const sum = new IncrementSum(kinds);
  const one = increments({ requests: [request('/a', 1)], calls: [call('db', 1)] });
  for (let i = 0; i < 3; i++) sum.add(one);
  expect(one).toEqual(increments({ requests: [request('/a', 1)], calls: [call('db', 1)] }));
  expect(sum.read()).toEqual(
    increments({
      requests: [request('/a', 3)],
      calls: [call('db', 3)],
      databaseCalls: [],
      timeSpent: [],
      requestSizes: [],
      responseSizes: [],
    }),
  );
});
