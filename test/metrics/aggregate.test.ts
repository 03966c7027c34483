import { describe, expect, it } from 'vitest';
import { Aggregate } from '../../src/metrics/aggregate.ts';
import { IncrementSum, type Increments, NO_INCREMENTS } from '../../src/metrics/increments.ts';

const request = (path: string, requests: number, status = 200) => ({
  path,
  method: 'GET',
  status,
  requests,
  seconds: requests / 2,
  counts: [requests, 0],
});
const call = (host: string, requests: number, status?: number) => ({
  host,
  method: 'GET',
  status,
  requests,
  seconds: requests / 4,
  counts: [0, requests],
});
const increments = (given: Partial<Increments>): Increments => ({ ...NO_INCREMENTS, ...given });
const create = (maxPaths = 10) => new Aggregate({ gauges: () => undefined, maxPaths });

describe('the metrics of several processes', () => {
  it('are added up: requests by path, method and status, calls by host, method and status', () => {
    const aggregate = create();
    aggregate.add(increments({ requests: [request('/a', 2), request('/b', 1)], calls: [call('db', 3)] }));
    aggregate.add(increments({ requests: [request('/a', 4), request('/a', 1, 500)], calls: [call('db', 1, 200)] }));
    expect(aggregate.read()).toEqual({
      requests: [request('/a', 6), request('/b', 1), request('/a', 1, 500)],
      calls: [call('db', 3), call('db', 1, 200)],
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
      requests: [request('/a', 8)],
      active: [{ method: 'GET', requests: 6 }],
    });
    aggregate.removeStates(one);
    expect(aggregate.read()).toMatchObject({
      requests: [request('/a', 8)],
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
    const { requests, calls } = aggregate.read();
    const found = { '/a': 2, '/b': 1, other: 3, unmatched: 1 };
    expect(Object.fromEntries(requests.map((each) => [each.path, each.requests]))).toEqual(found);
    expect(Object.fromEntries(calls.map((each) => [each.host, each.requests]))).toEqual(found);
  });

  it('are handed over as increments that another aggregate can add', () => {
    const [first, second] = [create(), create()];
    first.add(increments({ requests: [request('/a', 2)], calls: [call('db', 1)] }));
    const handedOver = first.readIncrements();
    first.add(increments({ requests: [request('/a', 5)] }));
    second.add(increments({ requests: [request('/a', 1)] }));
    second.add(handedOver);
    expect(second.read()).toMatchObject({ requests: [request('/a', 3)], calls: [call('db', 1)] });
  });
});

it('adds up increments without changing them', () => {
  const sum = new IncrementSum();
  const one = increments({ requests: [request('/a', 1)], calls: [call('db', 1)] });
  for (let i = 0; i < 3; i++) sum.add(one);
  expect(one).toEqual(increments({ requests: [request('/a', 1)], calls: [call('db', 1)] }));
  expect(sum.read()).toEqual(increments({ requests: [request('/a', 3)], calls: [call('db', 3)] }));
});
