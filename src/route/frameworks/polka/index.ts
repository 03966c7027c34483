import type { RequestKey } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { ownValue } from '../../own-property.ts';
import { substitutions } from './substitution.ts';

/** Templates that could be nothing else, by the names of their parameters, to decide between those that could. */
const certain = new Map<string, Set<string>>();
const CERTAIN = 1000;
let count = 0;

/**
 * Polka 0.5. Its listener is a bound function, and its router keeps no trace of what it matched but the parameters, in
 * the order of the template. They are put back into the path. A route without parameters looks like no route.
 */
export const polka: RouteAdapter = {
  name: 'Polka',

  recogniseRequest: isPolka,

  routeOf(carrier) {
    const params = ownValue(carrier, 'params');
    const url = ownValue(carrier, 'originalUrl');
    if (typeof params !== 'object' || params === null || typeof url !== 'string' || !isPolka(carrier)) return undefined;
    const names = Object.keys(params);
    if (names.length === 0) return undefined;
    const values = names.map((name) => ownValue(params, name));
    const possible = substitutions(url.replace(/\?.*$/, ''), names, values);
    const [first] = possible;
    if (first === undefined) return undefined;
    const known = templatesWith(names);
    if (possible.length > 1) return possible.find((each) => known.has(each)) ?? first;
    if (count < CERTAIN && !known.has(first)) {
      known.add(first);
      count++;
    }
    return first;
  },
};

/** It leaves parts of the URL that only its own parser has, before any handler runs. */
function isPolka(carrier: RequestKey): boolean {
  return Object.hasOwn(carrier, 'search') && Object.hasOwn(carrier, 'path') && Object.hasOwn(carrier, 'originalUrl');
}

function templatesWith(names: readonly string[]): Set<string> {
  const key = names.join('/');
  const known = certain.get(key) ?? new Set();
  if (certain.size < CERTAIN) certain.set(key, known);
  return known;
}
