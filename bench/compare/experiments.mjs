// The three ways in which `apm compare` takes two sides.
import { roundOrders } from '../../dist/cli/compare/sources/rounds/round-order.js';
import { BLOCK_SECONDS, BOUNDS, block, machine } from './model.mjs';

const side = (name, blocks) => ({ name, bounds: BOUNDS, blocks });
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** Half an hour, ten minutes in between, half an hour. */
function periods(before, after, drift, random) {
  const factor = machine(drift, random);
  const stretch = (services, start, minutes) =>
    range((minutes * 60) / BLOCK_SECONDS).map((i) => block(start + i * BLOCK_SECONDS, services, factor(), random));
  const one = stretch(before, 0, 30);
  for (const _ of range((10 * 60) / BLOCK_SECONDS)) factor();
  return [side('before', one), side('after', stretch(after, 2_400, 30))];
}

/** Two versions at the same time, on one machine. */
function versions(before, after, drift, random) {
  const factor = machine(drift, random);
  const all = range((30 * 60) / BLOCK_SECONDS).map((i) => {
    const now = factor();
    return [block(i * BLOCK_SECONDS, before, now, random), block(i * BLOCK_SECONDS, after, now, random)];
  });
  return [
    side(
      '1.4.0',
      all.map(([one]) => one),
    ),
    side(
      '1.5.0',
      all.map(([, other]) => other),
    ),
  ];
}

/** Ten rounds of three minutes for each side. */
function rounds(before, after, drift, random) {
  const factor = machine(drift, random);
  let at = 0;
  const run = (services) => {
    const blocks = range(180 / BLOCK_SECONDS).map((i) => block(at + i * BLOCK_SECONDS, services, factor(), random));
    at += 180;
    const endpoints = new Map();
    for (const key of blocks[0].endpoints.keys()) {
      const all = blocks.map(({ endpoints }) => endpoints.get(key));
      endpoints.set(key, {
        requests: all.reduce((sum, { requests }) => sum + requests, 0),
        errors: 0,
        seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
        counts: BOUNDS.concat(0).map((_, i) => all.reduce((sum, { counts }) => sum + counts[i], 0)),
      });
    }
    return { from: at - 180, to: at, endpoints };
  };
  const [a, b] = [[], []];
  for (const order of roundOrders(10, random.uniform)) {
    if (order === 'ab') a.push(run(before));
    b.push(run(after));
    if (order === 'ba') a.push(run(before));
  }
  return [side('a', a), side('b', b)];
}

export const EXPERIMENTS = { rounds, periods, versions };
