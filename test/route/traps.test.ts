import { afterEach, expect, it } from 'vitest';
import { clearTraps, setTraps } from '../../src/route/traps.ts';

const builtIn = Reflect.ownKeys(Object.prototype);
const tick = () => new Promise((resolve) => setImmediate(resolve));

// Removes the traps that a test left.
afterEach(tick);

interface Trapped {
  route?: unknown;
  other?: unknown;
}

/** Sets traps for `route` and `other`, until one has caught an object that `isIt` accepts. */
function trapped(isIt: (owner: object) => boolean = () => false): [name: string, owner: object][] {
  const caught: [string, object][] = [];
  setTraps(['route', 'other'], (name, owner) => {
    caught.push([name, owner]);
    return isIt(owner);
  });
  return caught;
}

it('catches an object that is asked for such a property and does not have it, or is given one', () => {
  const caught = trapped();
  const [asked, given]: Trapped[] = [{}, {}];
  expect(asked?.route).toBe(undefined);
  (given as Trapped).other = 1;
  expect(caught).toEqual([
    ['route', asked],
    ['other', given],
  ]);
});

it('does not change how objects behave', () => {
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

it('throws where an assignment throws: in strict code, to an object that takes no properties', () => {
  // Each assigns to an object that takes no properties, and to a number.
  const strict = [Object.freeze({}), Object.preventExtensions({}), Object.seal([]), 1].map((target) => () => {
    (target as Trapped).route = 1;
  });
  const sloppy = new Function('target', 'return () => { target.route = 1; }');
  const assignments = [
    ...strict,
    () => Object.assign(Object.freeze({}), { route: 1 }),
    () => Reflect.set(Object.freeze({}), 'route', 1),
    sloppy(Object.freeze({})),
    sloppy(1),
  ];
  const outcomes = () =>
    assignments.map((assign) => {
      try {
        assign();
        return 'silent';
      } catch (error) {
        return String(error);
      }
    });
  const without = outcomes();
  trapped();
  expect(outcomes()).toEqual(without);
  expect(without.filter((outcome) => outcome === 'silent').length).toBe(3);
});

it('returns the property of a caught object, if it was given one meanwhile', () => {
  setTraps(['route'], (_name, owner) => Reflect.defineProperty(owner, 'route', { value: 'hook' }));
  expect(({} as Trapped).route).toBe('hook');
});

it('ends with the call that it was set for', async () => {
  const caught = trapped();
  const later = tick().then(() => ({}) as Trapped);
  expect((await later).route).toBe(undefined);
  expect(caught).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(builtIn);
});

it('lasts through the next tick of Node, which runs before any promise', async () => {
  const caught: [string, object][] = [];
  const order: string[] = [];
  const note = (name: string) => {
    order.push(name);
    return ({} as Trapped).route;
  };
  // As when a request arrives: no other tick or promise is waiting.
  setImmediate(() => {
    setTraps(['route'], (...step) => void caught.push(step) as never);
    Promise.resolve().then(() => note('promise'));
    process.nextTick(() => note('next tick'));
  });
  await tick();
  await tick();
  expect([order, caught.length]).toEqual([['next tick', 'promise'], 1]);
});

it('ends once it has caught its object', () => {
  const it: Trapped = {};
  const caught = trapped((owner) => owner === it);
  expect([({} as Trapped).route, it.route, ({} as Trapped).other]).toEqual([undefined, undefined, undefined]);
  expect(caught.map(([name]) => name)).toEqual(['route', 'route']);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(builtIn);
});

it('leaves a property of Object.prototype alone that the app has put there', async () => {
  Object.defineProperty(Object.prototype, 'route', { value: 'theirs', configurable: true });
  const caught = trapped();
  expect(({} as Trapped).route).toBe('theirs');
  await tick();
  expect([caught, ({} as Trapped).route]).toEqual([[], 'theirs']);
  Reflect.deleteProperty(Object.prototype, 'route');
});

it('says whether any trap is set, and reports when the listeners have returned and none has caught its object', async () => {
  const it: Trapped = {};
  const missed: string[] = [];
  const set = (name: string) =>
    setTraps(
      ['route'],
      (_name, owner) => owner === it,
      () => missed.push(name),
    );
  expect(set('replaced')).toBe(true);
  expect(set('caught')).toBe(true);
  void it.route;
  await tick();
  expect(set('cleared')).toBe(true);
  expect([clearTraps(), clearTraps()]).toEqual([true, false]);
  await tick();
  set('missed');
  void ({} as Trapped).route;
  await tick();
  expect(missed).toEqual(['missed']);

  Object.defineProperty(Object.prototype, 'route', { value: 'theirs', configurable: true });
  expect(set('never set')).toBe(false);
  await tick();
  expect(missed).toEqual(['missed']);
  Reflect.deleteProperty(Object.prototype, 'route');
});
