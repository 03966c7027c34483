import type { AnyServer } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { ownValue } from '../../own-property.ts';
import { substitutions } from './substitution.ts';

/** Templates that are remembered for one server. */
const MAX_TEMPLATES = 1000;

/**
 * The templates that were the only possible ones for some request, by the names of their parameters. They decide when
 * several templates are possible for another request of the same server.
 */
class CertainTemplates {
  readonly #byNames = new Map<string, Set<string>>();
  #count = 0;

  has(names: string, template: string): boolean {
    return this.#byNames.get(names)?.has(template) ?? false;
  }

  add(names: string, template: string): void {
    if (this.#count >= MAX_TEMPLATES || this.has(names, template)) return;
    const templates = this.#byNames.get(names) ?? new Set();
    this.#byNames.set(names, templates.add(template));
    this.#count++;
  }
}

const certain = new WeakMap<AnyServer, CertainTemplates>();

/**
 * Polka 0.5. Its listener is a bound function, and its router leaves only the parameters that it matched, in the order of
 * the template. They are put back into the path. A route without parameters looks the same as no route.
 */
export const polka: RouteAdapter = {
  name: 'Polka',

  recogniseRequest: isPolka,

  routeOf(key, _status, server) {
    const params = ownValue(key, 'params');
    const url = ownValue(key, 'originalUrl');
    if (typeof params !== 'object' || params === null || typeof url !== 'string' || !isPolka(key)) return undefined;
    const names = Object.keys(params);
    if (names.length === 0) return undefined;
    const values = names.map((name) => ownValue(params, name));
    const possible = substitutions(url.replace(/\?.*$/, ''), names, values);
    const [first] = possible;
    if (first === undefined) return undefined;
    const known = certainOf(server);
    const all = names.join('/');
    if (possible.length > 1) return possible.find((each) => known.has(all, each)) ?? first;
    known.add(all, first);
    return first;
  },
};

/** Only Polka's own URL parser sets these, before any handler runs. */
export function isPolka(key: object): boolean {
  return Object.hasOwn(key, 'search') && Object.hasOwn(key, 'path') && Object.hasOwn(key, 'originalUrl');
}

function certainOf(server: AnyServer): CertainTemplates {
  const known = certain.get(server);
  if (known !== undefined) return known;
  const added = new CertainTemplates();
  certain.set(server, added);
  return added;
}
