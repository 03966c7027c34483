/** What an object itself has under a name, unless that is a getter, which may be the app's code. */
export const own = (object: unknown, name: string): unknown =>
  (typeof object === 'object' && object !== null) || typeof object === 'function'
    ? Object.getOwnPropertyDescriptor(object, name)?.value
    : undefined;
