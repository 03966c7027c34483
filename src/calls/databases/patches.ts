import { reportFailure } from '../../base/guard.ts';

// biome-ignore lint/suspicious/noExplicitAny: a driver's methods have any arguments.
export type Method = (this: any, ...args: any[]) => unknown;

/** Runs in place of a method, which it must call with `Reflect.apply(original, self, args)`. */
export type Around = (original: Method, self: object, args: unknown[]) => unknown;

/**
 * The methods of a driver that run our code, because the driver publishes nothing. Other tools may patch the same methods,
 * before or after: each then calls the one that it found.
 */
export class Patches {
  readonly #ours = new WeakSet<object>();
  readonly #restores: (() => void)[] = [];
  #isActive = true;

  /**
   * Patches a method in the prototype that has it.
   * @returns false where there is no such method, as in another version of the driver
   */
  add(object: object | undefined | null, name: string, around: Around): boolean {
    const holder = holderOf(object, name);
    const descriptor = holder && Object.getOwnPropertyDescriptor(holder, name);
    const original: unknown = descriptor?.value;
    if (holder === undefined || !descriptor?.writable || typeof original !== 'function') return false;
    // A subclass inherits the patched method.
    if (this.#ours.has(original)) return true;
    const patched = this.wrap(original as Method, around);
    Object.defineProperty(holder, name, { ...descriptor, value: patched });
    this.#restores.push(() => {
      // Another tool's patch that calls ours stays: ours then only calls the original.
      if (Object.getOwnPropertyDescriptor(holder, name)?.value === patched)
        Object.defineProperty(holder, name, descriptor);
    });
    return true;
  }

  /** The same for a function that is not restored, because its object is used once. */
  wrap(original: Method, around: Around): Method {
    const patches = this;
    const patched: Method = function (...args) {
      return patches.#isActive ? around(original, this, args) : Reflect.apply(original, this, args);
    };
    const { name, length } = original;
    Object.defineProperties(patched, {
      name: { value: name, configurable: true },
      length: { value: length, configurable: true },
    });
    this.#ours.add(patched);
    return patched;
  }

  has(method: unknown): boolean {
    return typeof method === 'function' && this.#ours.has(method);
  }

  restore(): void {
    this.#isActive = false;
    for (const restore of this.#restores.splice(0).reverse()) {
      try {
        restore();
      } catch (cause) {
        reportFailure('restore a method of a database driver', cause);
      }
    }
  }
}

/** The object in the chain of prototypes that has the property. */
function holderOf(object: object | undefined | null, name: string): object | undefined {
  for (let holder = object; holder; holder = Object.getPrototypeOf(holder) as object | null) {
    if (Object.hasOwn(holder, name)) return holder;
  }
  return undefined;
}
