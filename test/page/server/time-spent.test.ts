import { expect, it } from 'vitest';
import { createHistory } from './create-history.ts';
import { readAnswer } from './page-answer.ts';

/** Milliseconds of a request: those of its calls, and of its code; unseen is the rest of a second. */
const spend = (calls: Readonly<Record<string, number>>, codeMs = 0) => {
  const called = Object.values(calls).reduce((sum, ms) => sum + ms, 0);
  return {
    codeMs,
    unseenMs: 1000 - called - codeMs,
    calls: Object.entries(calls).map(([on, ms]) => ({ on, ms })),
  };
};

it('answers what the time of each endpoint was spent on, of slow requests apart from others', async () => {
  const { series, timeSpent, history, tick } = createHistory({ APM_SLOW: '0.9' });
  series.record('/b', 'GET', 200, 0.1);
  series.record('/a', 'GET', 200, 1);
  timeSpent.record('/a', 'GET', 1, spend({ 'payments:4000': 700, 'postgresql db': 200 }, 50), false);
  timeSpent.record('/a', 'GET', 1, spend({ 'payments:4000': 1000 }), false);
  timeSpent.record('/b', 'GET', 0.1, { codeMs: 12.3456789, unseenMs: 87.6543211, calls: [] }, false);
  await tick();
  timeSpent.record('/a', 'POST', 0.5, { codeMs: 500, unseenMs: 0, calls: [] }, false);
  await tick();
  const { endpoints, intervals } = readAnswer(history);
  expect(endpoints).toEqual({ 1: ['/b', 'GET'], 2: ['/a', 'GET'], 3: ['/a', 'POST'] });
  expect(intervals.map(({ timeSpent }) => timeSpent)).toEqual([
    [
      ['code', 0, 1, 0.012346],
      ['unseen', 0, 1, 0.087654],
      ['code', 1, 2, 0.05],
      ['unseen', 1, 2, 0.05],
      ['payments:4000', 1, 2, 1.7],
      ['postgresql db', 1, 2, 0.2],
    ],
    [['code', 0, 3, 0.5]],
  ]);
});

it('adds up an endpoint over the labels of the app', async () => {
  const { labelled, timeSpent, history, tick } = createHistory({ APM_LABELS: 'tenant=header:x-tenant' });
  for (const tenant of ['ann', 'bob']) {
    labelled.find([tenant]).record('/a', 'GET', 200, 1);
    timeSpent.record('/a', 'GET', 1, spend({}), false);
  }
  await tick();
  const { endpoints, intervals } = readAnswer(history);
  expect(endpoints).toEqual({ 1: ['/a', 'GET', 'ann'], 2: ['/a', 'GET', 'bob'], 3: ['/a', 'GET'] });
  expect(intervals[0]?.timeSpent).toEqual([['unseen', 1, 3, 2]]);
});

it('lists what time was spent on 40 hosts, and adds up the others', async () => {
  const { timeSpent, history, tick } = createHistory();
  for (let i = 0; i < 60; i++)
    timeSpent.record('/a', 'GET', 0.1, { codeMs: 1, unseenMs: 0, calls: [{ on: `h${i}`, ms: 1 }] }, false);
  await tick();
  const [interval] = readAnswer(history).intervals;
  const seconds = Object.fromEntries(interval?.timeSpent.map(([on, , , value]) => [on, value]) ?? []);
  expect(Object.keys(seconds).length).toBe(42);
  expect(seconds).toMatchObject({ code: 0.06, h0: 0.001, h39: 0.001, other: 0.02 });
});
