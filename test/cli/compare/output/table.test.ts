import { expect, it } from 'vitest';
import { ExplicitHistogram } from '../../../../src/base/histogram/explicit-histogram.ts';
import { renderTable } from '../../../../src/cli/compare/output/table.ts';
import { compareSides } from '../../../../src/statistics/compare.ts';
import type { Comparison } from '../../../../src/statistics/model.ts';
import { changed, comparison, endpoint, START } from './comparison.ts';

const table = (comparison: Comparison) => renderTable(comparison, { colours: false, explained: false });

it('says first what changed, then each measure with its verdict, changed endpoints first, at 100 columns', () => {
  const text = table(changed());
  expect(text).toBe(`Worse: POST /orders (p90, 5xx).
Better: GET /checkout/:cart (p99, mean, over 500 ms).

before: 2026-11-23 07:00:00 to 07:10:00 UTC, 10 min
after: 2026-11-23 08:00:00 to 08:10:00 UTC, 10 min
Left out: 12 s of before, when requests were still slower after a process had started.

The service, weighted by the endpoint mix before   1,000 -> 1,200 requests
  p50               10 ms -> 10.1 ms      +1 %         (-2 % to +4 %)        no evidence
  p99               50 ms -> 60 ms                                           too few requests
  over 500 ms, 5xx  0 % -> 0 %                                               none on either side

POST /orders   1,000 -> 1,200 requests
  p50               15-25 ms -> 15-25 ms                                     below resolution
  p90               25-50 ms -> 50-75 ms  +60 %        (+20 % to +110 %)     slower
  p99               > 10 s -> > 10 s                                         below resolution
  5xx               0.88 % -> 3.8 %       +2.9 points  (+1.6 to +4.3)        more

GET /checkout/:cart   1,000 -> 1,200 requests
  p50               19.1 ms -> 19.2 ms    +0.4 %       (-2 % to +3 %)        no evidence
  p99               2.19 s -> 174 ms      -92.1 %      (-92.4 % to -91.9 %)  faster
  mean              69.7 ms -> 9.6 ms     -86.1 %      (-88.9 % to -82.5 %)  faster
  over 500 ms       3.1 % -> 0 %          -3.1 points  (-4 to -2.4)          fewer
  5xx               0 % -> 0 %                                               none on either side

GET /a   1,000 -> 1,200 requests
  p50               10 ms -> 10.1 ms      +1 %         (-2 % to +4 %)        no evidence
  p99               50 ms -> 60 ms                                           too few requests
  over 500 ms, 5xx  0 % -> 0 %                                               none on either side

Two periods, one after the other: what else changed is part of the difference. Together, verdicts
hold at 95 %. More: --explain
`);
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

const firstLines = (comparison: Comparison) => table(comparison).split('\n\n')[0];
const all = (verdict: 'too few requests' | 'too short' | 'below resolution') => ({
  service: endpoint('service', [['p50', 1, 2, undefined, verdict]]),
  endpoints: [endpoint('GET /a', [['p50', 1, 2, undefined, verdict]])],
});

it('says first that a side is too short, in minutes', () => {
  const short = (before: number, neededBefore: number, after: number, neededAfter: number) =>
    firstLines(
      comparison({
        durations: [
          { seconds: before, needed: neededBefore },
          { seconds: after, needed: neededAfter },
        ],
        ...all('too short'),
      }),
    );
  expect([
    short(210, 570, 600, 150),
    short(210, 570, 40, 150),
    short(3600, 3600, 15, 75),
    short(30, 120, 30, 60),
    short(115, 120, 60, 60),
    short(119.9, 120, 600, 60),
    short(240, 1440, 5400, 60),
    short(7190, 7200, 60, 60),
  ]).toEqual([
    'Too short: before is 3.5 min; 9.5 min are needed. Record for longer, or give longer periods.',
    'Too short: before is 3.5 min; 9.5 min are needed, and after is 40 s; 2.5 min are needed. Record for\nlonger, or give longer periods.',
    'Too short: after is 15 s; 75 s are needed. Record for longer, or give longer periods.',
    'Too short: before is 30 s; 2 min are needed, and after is 30 s; 60 s are needed. Record for longer,\nor give longer periods.',
    'Too short: before is 115 s; 2 min are needed. Record for longer, or give longer periods.',
    'Too short: before is 119 s; 2 min are needed. Record for longer, or give longer periods.',
    'Too short: before is 4 min; 24 min are needed. Record for longer, or give longer periods.',
    'Too short: before is 119 min; 2 h are needed. Record for longer, or give longer periods.',
  ]);
});

it('says of rounds how many more are needed', () => {
  const block = { from: 0, to: 8, endpoints: new Map() };
  const duration = { seconds: 16, needed: 24 };
  const given = comparison({
    method: 'rounds',
    sides: [
      { name: 'a', blocks: [block, block] },
      { name: 'b', blocks: [block, block] },
    ],
    durations: [duration, duration],
    ...all('too short'),
  });
  expect(firstLines(given)).toBe('Too short: a and b have 2 rounds; 3 are needed. Give more --rounds.');
});

it('says first why nothing is claimed', () => {
  expect([
    firstLines(comparison()),
    firstLines(comparison(all('too few requests'))),
    firstLines(comparison(all('below resolution'))),
  ]).toEqual([
    'No evidence of a change: nothing is claimed. Record for longer, or use --rounds.',
    'Too few requests: nothing is claimed. On each side, p50 needs 20 of them, p90 100 and p99 1,000.\nRecord for longer, or give longer periods.',
    'Nothing is claimed: there are too few requests, or both sides are in the same bucket of the\nhistogram or in neighbouring ones.',
  ]);
});

it('names the first three of many changes, and shows 20 endpoints', () => {
  const endpoints = Array.from({ length: 25 }, (_, i) =>
    endpoint(`GET /reports/of/the/year/${i}`, [['p50', 1, 2, [1, 0.9, 1.1], 'worse']]),
  );
  const text = table(comparison({ endpoints, missing: { before: ['GET /old'], after: [] } }));
  expect(text.split('\n\n')[0]).toBe(
    'Worse: GET /reports/of/the/year/0 (p50), GET /reports/of/the/year/1 (p50),\nGET /reports/of/the/year/2 (p50), 22 more.',
  );
  expect(text.match(/^GET /gm)?.length).toBe(21);
  expect(text).toContain('\n5 more endpoints: --format json shows all.\n\nOnly before: GET /old\n');
});

it('does not call a recording too short because its scrapes were some milliseconds early', () => {
  const side = (name: string, seconds: number) => ({
    name,
    bounds: [0.1, 1],
    blocks: Array.from({ length: seconds / 5 }, (_, i) => ({
      from: START + i * 4.999,
      to: START + (i + 1) * 4.999,
      endpoints: new Map([
        ['GET /a', { requests: 20, errors: 0, seconds: 1, histogram: new ExplicitHistogram([0.1, 1], [15, 5, 0]) }],
      ]),
    })),
  });
  const given = compareSides('periods', side('before', 120), side('after', 60), { objective: 1, confidence: 0.95 });
  expect(given.durations.map(({ seconds }) => seconds)).toEqual([120, 60]);
  expect(firstLines(given)).not.toContain('Too short');
});
