/** Templates looked for where many would do, at the most. */
const ENOUGH = 16;
/** Segments looked at, at the most: where a value is not to be found, each way to place the others would be tried. */
const STEPS = 2000;

/** A fixed end of a segment with a parameter, as in `/:name.json`. Letters only: it must not be part of a value. */
const SUFFIX = /^\.[a-z]{1,5}\d?$/i;

/**
 * The templates that a path may have come by, from the values of its parameters: `/users/ann` and `id = ann` give
 * `/users/:id`. Each segment that is put back is one value, in the order of the names, and all of them must be found.
 * If the first is taken, what stays of the path is a fixed part of the true template: a value that stays is one because such
 * a part is the same, so no number of values makes a number of templates.
 *
 * @param names of the parameters, in the order of the template; one that begins with `*` takes all the rest of the path
 * @returns the likeliest first: the parameters nearest to the end, but of what takes the rest the most. Of the others
 * with a rest, what stays may be a part of the rest: they are to be taken only where they are known to be templates
 */
export function substitutions(path: string, names: readonly string[], values: readonly unknown[]): string[] {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const last = names.length - 1;
  const wildcard = names[last]?.startsWith('*') ? names[last] : undefined;
  const budget = { steps: STEPS };
  if (wildcard === undefined) return place(segments, names, values, budget);
  const found: string[] = [];
  for (let at = last; at < segments.length && found.length < ENOUGH; at++) {
    if (!isValue(segments[at] as string, values[last])) continue;
    const before = place(segments.slice(0, at), names.slice(0, last), values, budget);
    for (const each of before) found.push(`${each === '/' ? '' : each}/${wildcard}`);
  }
  return found.slice(0, ENOUGH);
}

interface Budget {
  steps: number;
}

function place(
  segments: readonly string[],
  names: readonly string[],
  values: readonly unknown[],
  budget: Budget,
): string[] {
  const found: string[] = [];
  const template = [...segments];
  /** Puts back what is left of the names, the last one first, before the segment at `end`. */
  const step = (left: number, end: number): void => {
    if (left === 0) return void found.push(`/${template.join('/')}`);
    for (let at = end - 1; at >= left - 1; at--) {
      if (found.length >= ENOUGH || --budget.steps < 0) return;
      const segment = segments[at] as string;
      const suffix = suffixOf(segment, values[left - 1]);
      if (suffix === undefined) continue;
      template[at] = `:${names[left - 1]}${suffix}`;
      step(left - 1, at);
      template[at] = segment;
    }
  };
  step(names.length, segments.length);
  return found;
}

function suffixOf(segment: string, value: unknown): string | undefined {
  if (isValue(segment, value)) return '';
  if (typeof value !== 'string' || value === '' || !segment.startsWith(value)) return undefined;
  const suffix = segment.slice(value.length);
  return SUFFIX.test(suffix) ? suffix : undefined;
}

/** Apps decode the values of parameters, and make numbers of them. */
function isValue(segment: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  if (segment === String(value)) return true;
  if (!segment.includes('%')) return false;
  try {
    return decodeURIComponent(segment) === value;
  } catch {
    return false;
  }
}
