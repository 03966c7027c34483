import { requestPath } from '../base/request-path.ts';
import { PathCache } from './path-cache.ts';
import { segmentsOf } from './template.ts';

/** The templates of `APM_ROUTES`: `/users/:id`, `/files/*`. Only a framework's exact route wins over them. */
export class DeclaredRoutes {
  readonly #routes: readonly { template: string; segments: readonly string[] }[];
  readonly #matches = new PathCache<string>();

  constructor(templates: readonly string[]) {
    this.#routes = templates.map((template) => ({ template, segments: segmentsOf(template) }));
  }

  get isEmpty(): boolean {
    return this.#routes.length === 0;
  }

  /** The first declared template that matches the path of a request target. */
  match(url: string): string | undefined {
    if (this.isEmpty) return undefined;
    const path = requestPath(url);
    // The targets of `OPTIONS *` and of CONNECT are no paths.
    if (!path.startsWith('/')) return undefined;
    return this.#matches.find(path, url, () => {
      const segments = segmentsOf(path);
      return this.#routes.find((route) => fits(route.segments, segments))?.template;
    });
  }
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  const isOpen = template.at(-1)?.endsWith('*') ?? false;
  if (isOpen ? segments.length < template.length : segments.length !== template.length) return false;
  return template.every((part, i) => {
    const segment = segments[i] as string;
    if (part.startsWith(':')) return true;
    return part.endsWith('*') ? segment.startsWith(part.slice(0, -1)) : part === segment;
  });
}
