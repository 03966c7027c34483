import { describe, expect, it } from 'vitest';
import { RequestContext, type SpentOn } from '../../src/context/request-context.ts';
import { seededRandom } from '../support/seeded-random.ts';

const spentOn = (request: RequestContext): Record<string, number> =>
  Object.fromEntries(Array.from(request.calls, ({ on, ms }) => [on, Math.round(ms * 1e6) / 1e6]));
const partsOf = (request: RequestContext): number =>
  Array.from(request.calls).reduce((sum, { ms }) => sum + ms, request.codeMs + request.unseenMs);

it('gives the time while one call is open to what it calls, and the rest to the code of a busy event loop', () => {
  const request = new RequestContext(1_000);
  const call = request.callStarts('db:1', 1_010);
  call?.callEnds(1_040);
  request.end(1_000, 100);
  expect([spentOn(request), request.codeMs]).toEqual([{ 'db:1': 30 }, 70]);
  expect(request.unseenMs).toBe(0);
});

it('shares the time equally among the calls that are open, and not among what they call', () => {
  const request = new RequestContext(0);
  const calls = ['a', 'a', 'a', 'b'].map((on) => request.callStarts(on, 0));
  for (const call of calls) call?.callEnds(40);
  request.end(0, 40);
  expect(spentOn(request)).toEqual({ a: 30, b: 10 });
});

it('gives calls that outlive the request their share until its end', () => {
  const request = new RequestContext(0);
  const [first, second] = [request.callStarts('a', 0), request.callStarts('b', 50)];
  request.end(0, 100);
  const spent = spentOn(request);
  expect(spent).toEqual({ a: 75, b: 25 });
  first?.callEnds(200);
  second?.callEnds(300);
  expect(spentOn(request)).toEqual(spent);
});

it('keeps a call apart until it is known what was called', () => {
  const request = new RequestContext(0);
  const [first, second] = [request.callStarts('other', 0, false), request.callStarts('other', 0, false)];
  const known = request.callStarts('a', 0);
  if (second) second.on = 'a';
  for (const call of [first, second, known]) call?.callEnds(30);
  request.end(0, 30);
  expect(spentOn(request)).toEqual({ other: 10, a: 20 });
});

it('keeps one sum of all calls of which it was never known what was called', () => {
  const request = new RequestContext(0);
  for (let at = 0; at < 1_000; at++) {
    request.callStarts('other', at, false)?.callEnds(at + 0.25);
    request.callStarts('other', at + 0.5)?.callEnds(at + 1);
  }
  request.end(0, 1_000);
  expect(Array.from(request.calls, ({ on, ms }) => [on, ms])).toEqual([['other', 750]]);
});

it('takes no call after its end', () => {
  const request = new RequestContext(0);
  request.end(0, 10);
  expect(request.callStarts('a', 20)).toBe(undefined);
  expect([request.isOpen, spentOn(request), request.codeMs]).toEqual([false, {}, 10]);
});

it('takes a call that was seen later than it began, as some clients tell', () => {
  const request = new RequestContext(0);
  request.callStarts('a', 10)?.callEnds(20);
  request.callStarts('b', 15)?.callEnds(30);
  request.end(0, 40);
  expect([spentOn(request), request.codeMs]).toEqual([{ a: 10, b: 10 }, 20]);
});

describe('random calls', () => {
  /** The same by its definition: each millisecond is shared among the calls that are open in it. */
  function simulate(calls: readonly { on: string; from: number; to: number }[], end: number): Record<string, number> {
    const spent: Record<string, number> = {};
    for (let ms = 0; ms < end; ms++) {
      const open = calls.filter(({ from, to }) => from <= ms && ms < to);
      for (const { on } of open) spent[on] = (spent[on] ?? 0) + 1 / open.length;
    }
    return Object.fromEntries(Object.entries(spent).map(([on, ms]) => [on, Math.round(ms * 1e6) / 1e6]));
  }

  it('get what the definition gives them, and all parts together are what the request took', () => {
    const random = seededRandom(18);
    for (let round = 0; round < 300; round++) {
      const end = Math.ceil(random() * 400);
      const calls = Array.from({ length: Math.floor(random() * 12) }, () => {
        const from = Math.floor(random() * end);
        return { on: 'abcd'[Math.floor(random() * 4)] as string, from, to: from + Math.ceil(random() * 200) };
      });
      const request = new RequestContext(0);
      const open: (SpentOn | undefined)[] = [];
      const events = calls.flatMap(({ on, from, to }, i) => [
        { at: from, run: () => (open[i] = request.callStarts(on, from)) },
        { at: to, run: () => open[i]?.callEnds(to) },
      ]);
      events.sort((a, b) => a.at - b.at);
      for (const { at, run } of events) if (at < end) run();
      request.end(0, end);
      const nonZero = Object.entries(spentOn(request)).filter(([, ms]) => ms > 0);
      expect(Object.fromEntries(nonZero)).toEqual(simulate(calls, end));
      expect(partsOf(request)).toBeCloseTo(end, 9);
    }
  });
});
