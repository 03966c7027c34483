export const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** The value of an object's own data property. A getter may be the app's code, so it is not called: undefined. */
export const ownValue = (object: unknown, name: string | symbol): unknown =>
  isObject(object) ? Object.getOwnPropertyDescriptor(object, name)?.value : undefined;

/** The same for a property that is its own or inherited. */
export function inheritedValue(object: unknown, name: string): unknown {
  for (let found = object; found !== null && found !== undefined; found = Object.getPrototypeOf(found)) {
    const property = Object.getOwnPropertyDescriptor(found, name);
    if (property !== undefined) return property.value;
  }
  return undefined;
}

export const symbolNamed = (object: object, description: string): symbol | undefined =>
  Object.getOwnPropertySymbols(object).find((each) => each.description === description);
