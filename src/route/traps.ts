import { isObject } from './own-property.ts';
import { callerMode } from './running-functions.ts';

/** @returns whether this is the object that was searched for */
export type Caught = (name: string, owner: object) => boolean;

let removeCurrent: (() => boolean) | undefined;

/**
 * Until the code that runs now has finished, reports every object that is asked for a property of one of these names and
 * does not have it, or is given one. This finds the objects of frameworks whose listener shows none of them.
 *
 * The traps are accessors on `Object.prototype`. They are set when a request arrives and removed when its listeners
 * return, or as soon as one has caught its object. Meanwhile objects behave as without traps, except for
 * `name in object` and the result of `Reflect.set` on a frozen object. So traps are only for the code of frameworks, which
 * does not test that, and not for the app's code.
 *
 * @param missed called when the listeners have returned and no trap caught its object
 * @returns false when no trap could be set: `Object.prototype` is frozen, or the app has put the names there
 */
export function setTraps(names: Iterable<string>, caught: Caught, missed?: () => void): boolean {
  clearTraps();
  const remove = addTraps(names, (name, owner) => {
    if (caught(name, owner)) clearTraps();
  });
  if (remove === undefined) return false;
  removeCurrent = remove;
  afterListeners(() => {
    if (remove()) missed?.();
  });
  return true;
}

/**
 * The same until the result is called.
 * @returns removes the traps, and returns whether there were any; undefined when none could be set
 */
export function addTraps(
  names: Iterable<string>,
  caught: (name: string, owner: object) => void,
): (() => boolean) | undefined {
  const set: string[] = [];
  for (const name of names) {
    const isSet =
      !Object.hasOwn(Object.prototype, name) && Reflect.defineProperty(Object.prototype, name, trap(name, caught));
    if (isSet) set.push(name);
  }
  if (set.length === 0) return undefined;
  return () => {
    const names = set.splice(0);
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
    return names.length > 0;
  };
}

/**
 * Removes the traps, before code of the app runs.
 * @returns whether there were any
 */
export function clearTraps(): boolean {
  const wereSet = removeCurrent?.() ?? false;
  removeCurrent = undefined;
  return wereSet;
}

/** Two ticks later: listeners of HTTP/1 run synchronously after the arrival of a request, those of HTTP/2 in the next tick. */
export function afterListeners(run: () => void): void {
  process.nextTick(process.nextTick, run);
}

function trap(name: string, caught: (name: string, owner: object) => void): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: false,
    get() {
      examine(this);
      return isObject(this) ? Object.getOwnPropertyDescriptor(this, name)?.value : undefined;
    },
    set: function assign(this: unknown, value: unknown) {
      // What an assignment does when no prototype has the property.
      if (!Reflect.set(Object.create(null), name, value, this) && callerMode(assign) === 'strict') {
        throw new TypeError(
          isObject(this)
            ? `Cannot add property ${name}, object is not extensible`
            : `Cannot create property '${name}' on ${typeof this} '${String(this)}'`,
        );
      }
      examine(this);
    },
  };

  function examine(owner: unknown): void {
    if (isObject(owner)) caught(name, owner);
  }
}
