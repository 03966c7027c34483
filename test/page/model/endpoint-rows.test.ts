import { expect, it } from 'vitest';
import { endpointRows } from '../../../src/page/browser/model/endpoint-rows.ts';
import { EncodedStats } from '../../../src/page/browser/model/request-stats.ts';
import { RequestTotals } from '../../../src/page/browser/model/request-totals.ts';
import { countersOf } from './page-data.ts';

it('lists endpoints without a p99 by the time spent', () => {
  const totals = (seconds: number) =>
    new RequestTotals().add(EncodedStats.decode(countersOf([seconds / 3, seconds / 3, seconds / 3])));
  const rows = endpointRows(new Map([1, 31, 2].map((seconds) => [`GET /${seconds}`, totals(seconds)])));
  expect(rows.map(({ key, p99 }) => [key, p99.kind])).toEqual([
    ['GET /31', 'few'],
    ['GET /2', 'few'],
    ['GET /1', 'few'],
  ]);
});
