/** What an object itself has under a name, unless that is a getter, which may be the app's code. */
export const ownValue = (object: unknown, name: string): unknown =>
  (typeof object === 'object' && object !== null) || typeof object === 'function'
    ? Object.getOwnPropertyDescriptor(object, name)?.value
    : undefined;

/** As `own`, or what it inherits. */
export function inheritedValue(object: unknown, name: string): unknown {
  for (let found = object; found !== null && found !== undefined; found = Object.getPrototypeOf(found)) {
    const property = Object.getOwnPropertyDescriptor(found, name);
    if (property !== undefined) return property.value;
  }
  return undefined;
}
