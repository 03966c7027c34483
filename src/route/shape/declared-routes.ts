/** Templates an app's owner declared (`APM_ROUTES`): `/users/:id`, `/files/*`. They win over guessing. */
export class DeclaredRoutes {
  readonly #routes: readonly { template: string; segments: readonly string[] }[];

  constructor(templates: readonly string[]) {
    this.#routes = templates.map((template) => ({ template, segments: segmentsOf(template) }));
  }

  /** The first template, in the order they were declared, that these segments of a path fit. */
  match(segments: readonly string[]): string | undefined {
    return this.#routes.find((route) => fits(route.segments, segments))?.template;
  }
}

/** The segments of a path, without empty ones: `/users//42/` is what `/users/42` is. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  const open = template.at(-1)?.endsWith('*') ?? false;
  if (open ? segments.length < template.length : segments.length !== template.length) return false;
  return template.every((part, i) => {
    const segment = segments[i] as string;
    if (part.startsWith(':')) return true;
    return part.endsWith('*') ? segment.startsWith(part.slice(0, -1)) : part === segment;
  });
}
