import { describe, expect, it } from 'vitest';
import { Aggregate } from '../../src/metrics/aggregate.ts';
import { IncrementSum, type Increments } from '../../src/metrics/increments.ts';
import { createKinds } from '../../src/metrics/kinds.ts';
import type { SeriesByKind } from '../../src/metrics/series-set.ts';

const request = (path: string, count: number, status = 200) => ({
  labels: { path, method: 'GET', status },
  count,
  sum: count / 2,
  buckets: [count, 0],
});
const call = (host: string, count: number, status?: number) => ({
  labels: { host, method: 'GET', status },
  count,
  sum: count / 4,
  buckets: [0, count],
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
    increments({ requests: [request('/a', 3)], calls: [call('db', 3)], requestSizes: [], responseSizes: [] }),
  );
});
