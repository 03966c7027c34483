import type { ManifestRule } from './routes-manifest.ts';

/** The names of the parameters in a rule's source; one without a name is a number. Each is one group of the regex. */
const PARAMETERS = /:(\w+)|\((?!\?)/g;

/** The locale, which Next adds to the source of each rule. */
const LOCALE = /\/:nextInternalLocale\([^)]*\)/;

/** A rule of `redirects()` or `rewrites()` in `next.config.js`. */
export class Rule {
  /** As it is written in `next.config.js`, with the `basePath` of the app. */
  readonly template: string;
  readonly status: number | undefined;
  /** Whether it applies to each request to a path that it matches. */
  readonly isUnconditional: boolean;
  /** Whether its destination is a server elsewhere. */
  readonly isExternal: boolean;
  readonly #rule: ManifestRule;
  #regex: RegExp | undefined;

  constructor(rule: ManifestRule, basePath: string, locales: readonly string[]) {
    this.#rule = rule;
    this.template = rule.locale === false ? rule.source : withoutLocale(rule.source, basePath, locales);
    this.status = rule.statusCode;
    this.isUnconditional = rule.has === undefined && rule.missing === undefined;
    this.isExternal = !rule.destination.startsWith('/');
  }

  /** @param path with its locale */
  matches(path: string): boolean {
    this.#regex ??= new RegExp(this.#rule.regex, 'i');
    return this.#regex.test(path);
  }

  /** @returns where this rule leads from a path that it matches */
  destinationOf(path: string): string {
    this.#regex ??= new RegExp(this.#rule.regex, 'i');
    const values = this.#regex.exec(path)?.slice(1) ?? [];
    const [pathname = ''] = this.#rule.destination.split(/[?#]/, 1);
    return namesOf(this.#rule.source).reduce(
      (found, name, index) => found.replace(new RegExp(`:${name}\\b[*+?]?`), () => values[index] ?? ''),
      pathname,
    );
  }
}

function namesOf(source: string): string[] {
  const names: string[] = [];
  let unnamed = 0;
  for (const { 1: name, index } of source.matchAll(PARAMETERS)) {
    if (name !== undefined) names.push(name);
    // The pattern of a named parameter is no parameter.
    else if (!/:\w+$/.test(source.slice(0, index))) names.push(String(unnamed++));
  }
  return names;
}

/** Of each rule of an app with locales there are two: with a parameter for the locale, and with the default locale. */
function withoutLocale(source: string, basePath: string, locales: readonly string[]): string {
  const bare = source.replace(LOCALE, '');
  if (bare !== source) return bare || '/';
  const base = source.startsWith(`${basePath}/`) ? basePath : '';
  const rest = source.slice(base.length);
  const locale = locales.find((each) => rest === `/${each}` || rest.startsWith(`/${each}/`));
  return locale === undefined ? source : base + rest.slice(locale.length + 1) || '/';
}
