/**
 * Decodes a path, or a part of one, as frameworks do: one with an escape that is no text stays as it was sent.
 * @param decode  what the framework decodes with
 */
export function decodePath(path: string, decode: (text: string) => string = decodeURIComponent): string {
  if (!path.includes('%')) return path;
  try {
    return decode(path);
  } catch {
    return path;
  }
}
