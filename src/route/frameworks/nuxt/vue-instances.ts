import { isObject, ownValue } from '../../own-property.ts';

/** The part of Vue's component instances that leads to their app. */
interface Instance {
  readonly appContext?: { readonly config?: { readonly globalProperties?: object } };
}
type SetCurrent = (instance: Instance | null) => void;

/**
 * Functions that each copy of Vue (3.3 and later) keeps in this global list and calls with the component that is being
 * set up, so that several copies agree on it. Ours is in it only until the first component of a Nuxt app is set up.
 */
const SETTERS = '__VUE_INSTANCE_SETTERS__';

/**
 * @property router  of vue-router; undefined in an app without pages
 * @property nuxt    the object that Nuxt creates for the request
 */
export interface RenderedApp {
  readonly router: unknown;
  readonly nuxt: unknown;
}

/**
 * Reports the next app that Nuxt renders. Does nothing while Vue is not loaded.
 * @param rendered must not throw
 */
export function watchNextApp(rendered: (app: RenderedApp) => void): void {
  const setters = ownValue(globalThis, SETTERS);
  if (!Array.isArray(setters) || setters.some((setter) => watching.has(setter))) return;
  let isFound = false;
  const remove = () => {
    const index = setters.indexOf(setter);
    if (index >= 0) setters.splice(index, 1);
  };
  const setter: SetCurrent = (instance) => {
    const properties = isFound ? undefined : instance?.appContext?.config?.globalProperties;
    const nuxt = properties && provided(properties, '$nuxt');
    if (properties === undefined || !isObject(nuxt)) return;
    isFound = true;
    // Later, because Vue is iterating over the list.
    queueMicrotask(remove);
    rendered({ router: provided(properties, '$router'), nuxt });
  };
  watching.add(setter);
  setters.push(setter);
}

/** Our functions in such lists. */
const watching = new WeakSet<object>();

/** Nuxt defines what it provides as getters of its own, which only return an object. */
function provided(properties: object, name: string): unknown {
  const property = Object.getOwnPropertyDescriptor(properties, name);
  return property?.get?.call(properties) ?? property?.value;
}
