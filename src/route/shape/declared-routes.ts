/** The templates of `APM_ROUTES`: `/users/:id`, `/files/*`. They win over guessed ones. */
export class DeclaredRoutes {
  readonly #routes: readonly { template: string; segments: readonly string[] }[];

  constructor(templates: readonly string[]) {
    this.#routes = templates.map((template) => ({ template, segments: segmentsOf(template) }));
  }

  /** The first declared template that matches these segments of a path. */
  match(segments: readonly string[]): string | undefined {
    return this.#routes.find((route) => fits(route.segments, segments))?.template;
  }
}

/** The segments of a path without the empty ones: `/users//42/` is the same as `/users/42`. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
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
