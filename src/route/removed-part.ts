/**
 * What was removed from the front of a path.
 * @param rest  what is left of it
 * @returns undefined when the rest is not the end of the path: the whole path has been replaced
 */
export function removedPart(path: string, rest: string): string | undefined {
  if (path === rest) return '';
  if (path.endsWith(rest)) return path.slice(0, path.length - rest.length);
  // Where nothing is left of the path, frameworks write a slash, also before a query.
  return rest.startsWith('/') && path.endsWith(rest.slice(1))
    ? path.slice(0, path.length - rest.length + 1)
    : undefined;
}
