/**
 * A range of accepted versions.
 * @property from    the oldest accepted version: `3.0`
 * @property before  the first version that is too new: `4`
 */
export interface VersionRange {
  readonly from: string;
  readonly before?: string;
}

export function isWithin(version: string, { from, before }: VersionRange): boolean {
  return compare(version, from) >= 0 && (before === undefined || compare(version, before) < 0);
}

/** All patch versions with the same major and minor version. */
export function sameMinor(version: string): VersionRange {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { from: `${major}.${minor}`, before: `${major}.${minor + 1}` };
}

/** `2.42 or newer, before 4`, for messages. */
export function textOf({ from, before }: VersionRange): string {
  return before === undefined ? `${from} or newer` : `${from} or newer, before ${before}`;
}

/** A missing number counts as 0. */
function compare(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
