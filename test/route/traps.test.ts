import { afterEach, expect, it } from 'vitest';
import { setTraps } from '../../src/route/traps.ts';

const builtIn = Reflect.ownKeys(Object.prototype);
const tick = () => new Promise((resolve) => setImmediate(resolve));

// Whatever a test has left is gone by then.
afterEach(tick);

interface Trapped {
  route?: unknown;
  other?: unknown;
}

/** Sets traps for `route` and `other`, that hold until one has caught what `isIt` says. */
function trapped(isIt: (owner: object) => boolean = () => false): [name: string, owner: object][] {
  const caught: [string, object][] = [];
  setTraps(['route', 'other'], (name, owner) => {
    caught.push([name, owner]);
    return isIt(owner);
  });
  return caught;
}

it('catches an object that is asked for such a property, or is given one', () => {
  const caught = trapped();
  const [asked, given]: Trapped[] = [{}, {}];
  expect(asked?.route).toBe(undefined);
  (given as Trapped).other = 1;
  expect(caught).toEqual([
    ['route', asked],
    ['other', given],
  ]);
});

it('lets objects be what they are without traps', () => {
  trapped();
  const given: Trapped = {};
  given.route = 'x';
  given.route = 'y';
  expect(Object.getOwnPropertyDescriptor(given, 'route')).toEqual({
    value: 'y',
    writable: true,
    enumerable: true,
    configurable: true,
  });
  const asked: Trapped = { other: 2 };
  expect([asked.route, asked.other, Object.keys(asked), Object.hasOwn(asked, 'route')]).toEqual([
    undefined,
    2,
    ['other'],
    false,
  ]);
  const names: string[] = [];
  for (const name in asked) names.push(name);
  expect(names).toEqual(['other']);
  const frozen: Trapped = Object.freeze({});
  Reflect.set(frozen, 'route', 1);
  expect([frozen, (1 as Trapped).route, Object.create(null).route]).toEqual([{}, undefined, undefined]);
});

it('gives a caught object what it was asked for, if it has been given that meanwhile', () => {
  setTraps(['route'], (_name, owner) => Reflect.defineProperty(owner, 'route', { value: 'hook' }));
  expect(({} as Trapped).route).toBe('hook');
});

it('holds no longer than the call it was set for', async () => {
  const caught = trapped();
  const later = tick().then(() => ({}) as Trapped);
  expect((await later).route).toBe(undefined);
  expect(caught).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(builtIn);
});

it('holds until the call has been made that Node makes in its next tick, and no promise is settled before', async () => {
  const caught: [string, object][] = [];
  const order: string[] = [];
  const note = (name: string) => {
    order.push(name);
    return ({} as Trapped).route;
  };
  // As when a request arrives: nothing else is waiting for its turn.
  setImmediate(() => {
    setTraps(['route'], (...step) => void caught.push(step) as never);
    Promise.resolve().then(() => note('promise'));
    process.nextTick(() => note('next tick'));
  });
  await tick();
  await tick();
  expect([order, caught.length]).toEqual([['next tick', 'promise'], 1]);
});

it('is gone once it has caught what it is for', () => {
  const it: Trapped = {};
  const caught = trapped((owner) => owner === it);
  expect([({} as Trapped).route, it.route, ({} as Trapped).other]).toEqual([undefined, undefined, undefined]);
  expect(caught.map(([name]) => name)).toEqual(['route', 'route']);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(builtIn);
});

it('leaves a property alone that the app has put there', async () => {
  Object.defineProperty(Object.prototype, 'route', { value: 'theirs', configurable: true });
  const caught = trapped();
  expect(({} as Trapped).route).toBe('theirs');
  await tick();
  expect([caught, ({} as Trapped).route]).toEqual([[], 'theirs']);
  Reflect.deleteProperty(Object.prototype, 'route');
});
