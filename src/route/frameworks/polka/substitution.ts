import { decodePath } from '../../decode-path.ts';

/** Templates that are searched for one path that many templates fit. */
const MAX_TEMPLATES = 16;
/** Segments that are compared for one path. Without a limit, a value that is not in the path costs all combinations. */
const MAX_STEPS = 2000;

/** Fixed text after a parameter in the same segment, as in `/:name.json`. Letters only: it must not be part of a value. */
const SUFFIX = /^\.[a-z]{1,5}\d?$/i;

/**
 * The templates that a path may have come by, from the values of its parameters: `/users/ann` and `id = ann` give
 * `/users/:id`. Each replaced segment is one value, in the order of the names, and all values must be found.
 *
 * No value gets into the first template, except a value that equals a fixed segment. So the number of templates does not
 * grow with the number of values.
 *
 * @param names of the parameters, in the order of the template; one that begins with `*` takes the rest of the path
 * @returns the likeliest first: parameters as near to the end as possible, and a rest as long as possible. In the later
 * templates with a rest, a segment may be part of the rest: take one only if it is known to be a template
 */
export function substitutions(path: string, names: readonly string[], values: readonly unknown[]): string[] {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const last = names.length - 1;
  const wildcard = names[last]?.startsWith('*') ? names[last] : undefined;
  const budget = { steps: MAX_STEPS };
  if (wildcard === undefined) return substitute(segments, names, values, budget);
  const found: string[] = [];
  for (let at = last; at < segments.length && found.length < MAX_TEMPLATES; at++) {
    if (!equalsValue(segments[at] as string, values[last])) continue;
    const before = substitute(segments.slice(0, at), names.slice(0, last), values, budget);
    for (const each of before) found.push(`${each === '/' ? '' : each}/${wildcard}`);
  }
  return found.slice(0, MAX_TEMPLATES);
}

interface Budget {
  steps: number;
}

function substitute(
  segments: readonly string[],
  names: readonly string[],
  values: readonly unknown[],
  budget: Budget,
): string[] {
  const found: string[] = [];
  const template = [...segments];
  /** Puts back the first `count` names, the last of them first, before the segment at `end`. */
  const step = (count: number, end: number): void => {
    if (count === 0) return void found.push(`/${template.join('/')}`);
    for (let at = end - 1; at >= count - 1; at--) {
      if (found.length >= MAX_TEMPLATES || --budget.steps < 0) return;
      const segment = segments[at] as string;
      const suffix = suffixOf(segment, values[count - 1]);
      if (suffix === undefined) continue;
      template[at] = `:${names[count - 1]}${suffix}`;
      step(count - 1, at);
      template[at] = segment;
    }
  };
  step(names.length, segments.length);
  return found;
}

function suffixOf(segment: string, value: unknown): string | undefined {
  if (equalsValue(segment, value)) return '';
  if (typeof value !== 'string' || value === '' || !segment.startsWith(value)) return undefined;
  const suffix = segment.slice(value.length);
  return SUFFIX.test(suffix) ? suffix : undefined;
}

/** Apps decode the values of parameters, or convert them to numbers. */
function equalsValue(segment: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  if (segment === String(value)) return true;
  return decodePath(segment) === value;
}
