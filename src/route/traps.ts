/** @returns whether this was what was looked for */
export type Caught = (name: string, owner: object) => boolean;

let clear: (() => void) | undefined;

/**
 * Until the code that runs now is done, looks at every object without a property of one of these names that is asked
 * for it, or given it. That is how the objects of a framework are found whose listener shows none of them.
 *
 * The traps are accessors on `Object.prototype`. They are set when a request arrives and are gone when its listeners
 * return, or as soon as one has caught what it is for. In between an object looks as it does without them, but not to
 * `name in object`; so they are only for code of frameworks, which does not ask that, and not for the app's. Where
 * `Object.prototype` is frozen there are none.
 */
export function setTraps(names: Iterable<string>, caught: Caught): void {
  clearTraps();
  const set: string[] = [];
  for (const name of names) {
    const isSet =
      !Object.hasOwn(Object.prototype, name) && Reflect.defineProperty(Object.prototype, name, trap(name, caught));
    if (isSet) set.push(name);
  }
  if (set.length === 0) return;
  const own = () => {
    for (const name of set.splice(0)) Reflect.deleteProperty(Object.prototype, name);
  };
  clear = own;
  // The listeners of HTTP/1 run now, those of HTTP/2 in the next tick.
  process.nextTick(process.nextTick, own);
}

/** Before code of the app's runs. */
export function clearTraps(): void {
  clear?.();
  clear = undefined;
}

function trap(name: string, caught: Caught): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: false,
    get() {
      look(this);
      return isObject(this) ? Object.getOwnPropertyDescriptor(this, name)?.value : undefined;
    },
    set(value: unknown) {
      // What an assignment does where no prototype has the property.
      if (isObject(this)) {
        Reflect.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      }
      look(this);
    },
  };

  function look(owner: unknown): void {
    if (isObject(owner) && caught(name, owner)) clearTraps();
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);
