/** The routes of a built app, which are all known before the first request. */
export interface RouteTable {
  /**
   * The template of the route that has a path.
   * @param path  as it was sent: percent-encoded, without the query
   */
  match(path: string): string | undefined;
}

/** Reads the table of routes that one framework's build tool wrote into a file of the build. */
export interface BuildReader {
  /** The framework's name, as its users write it. */
  readonly name: string;
  /** Whether the text of a file has this framework's table. */
  isIn(text: string): boolean;
  /**
   * @param text of a file that has the table
   * @throws UnexpectedInternals where the table is written in another way
   */
  read(text: string): RouteTable;
}

/** Removes the path below which the whole app is served. @returns undefined for a path that is not below it */
export function withoutBase(path: string, base: string): string | undefined {
  if (base === '') return path;
  if (!path.toLowerCase().startsWith(base.toLowerCase())) return undefined;
  const rest = path.slice(base.length);
  return rest === '' || rest.startsWith('/') ? rest || '/' : undefined;
}
