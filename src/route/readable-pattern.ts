/**
 * A regular expression as the template of a route below a mount, as an owner would write it: `^\/rx\/(\d+)\/?$` is
 * `/rx/(\d+)`. What has no such form stays as it is in the expression.
 */
export function readablePattern({ source }: RegExp): string {
  const path = source
    .replace(/^\^/, '')
    .replace(/(?:\\\/\?|\/\?)?(?<!\\)\$$/, '')
    .replaceAll(/\\([/.-])/g, '$1');
  return path.startsWith('/') ? path : `/${path}`;
}
