import { expect, it } from 'vitest';
import { NO_INCREMENTS } from '../../src/metrics/increments.ts';
import { createKinds } from '../../src/metrics/kinds.ts';
import type { Series } from '../../src/metrics/model.ts';
import { type Part, WireWriter } from '../../src/processes/wire-format.ts';
import { WireReader } from '../../src/processes/wire-reader.ts';
import { fineOf } from '../support/histograms.ts';

const kinds = createKinds({ buckets: [] });

/** Encodes and decodes, over one connection, each list of series. */
function sendOver(...sendings: Series[][]): { parts: Part[]; received: { path: unknown; guessed: boolean }[][] } {
  const [writer, reader] = [new WireWriter(kinds), new WireReader(kinds)];
  const parts: Part[] = [];
  const received = sendings.map((requests) => {
    for (const part of writer.increments({ ...NO_INCREMENTS, series: { requests } as never })) {
      parts.push(part);
      reader.addIncrements(JSON.parse(JSON.stringify(part)));
    }
    const { requests: read = [] } = reader.takeIncrements().series;
    return read.map(({ labels, guessed }) => ({ path: labels.path, guessed }));
  });
  return { parts, received };
}

const labels = { path: '/users', method: 'GET', status: 200 };
const series = (guessed: boolean): Series => ({ labels, guessed, count: 1, sum: 0.5, buckets: [1], fine: fineOf(0.5) });

it('tells another process once whether a path is a guess, and again when it is none any more', () => {
  const { parts, received } = sendOver(
    [series(true)],
    [series(true)],
    [series(false)],
    [series(false)],
    [series(true)],
  );
  expect(received.flat().map(({ guessed }) => guessed)).toEqual([true, true, false, false, false]);
  const values = ['/users', 'GET', 200, null];
  expect(parts).toEqual([
    { kind: 'requests', series: [[values, 1, 0.5, [1], [5, 0, -33, 1], true]] },
    { kind: 'requests', series: [[0, 1, 0.5, [1], [5, 0, -33, 1]]] },
    { kind: 'requests', series: [[values, 1, 0.5, [1], [5, 0, -33, 1], false]] },
    { kind: 'requests', series: [[1, 1, 0.5, [1], [5, 0, -33, 1]]] },
    { kind: 'requests', series: [[1, 1, 0.5, [1], [5, 0, -33, 1]]] },
  ]);
});

it('rejects a series that does not say whether its path is a guess', () => {
  const reader = new WireReader(kinds);
  const part = { kind: 'requests', series: [[['/users', 'GET', 200, null], 1, 0, [0], [5, 0]]] };
  expect(() => reader.addIncrements(part)).toThrow('a series does not say whether its path is a guess');
});
