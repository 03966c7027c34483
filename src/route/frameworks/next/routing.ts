import { templateBelow } from '../../template.ts';
import { isErrorPage } from './meta.ts';
import type { ManifestRule, RoutesManifest } from './routes-manifest.ts';
import { Rule } from './rules.ts';

/** The files of a build have hashes in their names. The template is written as Next writes a catch-all route. */
const STATIC = '/_next/static/';
const STATIC_ROUTE = `${STATIC}[...path]`;
const IMAGES = '/_next/image';
/** The data of a page: `/_next/data/<build>/posts.json`. */
const DATA = /^\/_next\/data\/[^/]+(\/.+)\.json$/;

interface Page {
  readonly page: string;
  readonly regex: RegExp;
}

/** Where the paths of one app lead, by what `next build` wrote about its routes. */
export class Routing {
  readonly #basePath: string;
  readonly #locales: readonly string[];
  readonly #defaultLocale: string | undefined;
  readonly #redirects: readonly Rule[];
  readonly #beforePages: readonly Rule[];
  readonly #afterPages: readonly Rule[];
  readonly #fallback: readonly Rule[];
  readonly #static: ReadonlySet<string>;
  readonly #dynamic: readonly Page[];
  /** Pages with the base path, so that a request allocates nothing. */
  readonly #templates = new Map<string, string>();

  constructor(manifest: RoutesManifest) {
    const { basePath = '', redirects = [], staticRoutes = [], dynamicRoutes = [], i18n } = manifest;
    const rewrites = manifest.rewrites ?? [];
    const phases = 'length' in rewrites ? { afterFiles: rewrites } : rewrites;
    this.#basePath = basePath === '/' ? '' : basePath;
    this.#locales = i18n?.locales ?? [];
    this.#defaultLocale = i18n?.defaultLocale;
    const rules = (all: readonly ManifestRule[] = []) =>
      all.filter(({ internal }) => !internal).map((rule) => new Rule(rule, this.#basePath, this.#locales));
    this.#redirects = rules(redirects);
    this.#beforePages = rules(phases.beforeFiles);
    this.#afterPages = rules(phases.afterFiles);
    this.#fallback = rules(phases.fallback);
    this.#static = new Set(staticRoutes.map(({ page }) => page).filter((page) => !isErrorPage(page)));
    this.#dynamic = dynamicRoutes.map(({ page, regex }) => ({ page, regex: new RegExp(regex) }));
  }

  /** A page as it is reached: with the base path. */
  templateOf(page: string): string {
    let template = this.#templates.get(page);
    if (template === undefined) {
      template = templateBelow(this.#basePath, page);
      this.#templates.set(page, template);
    }
    return template;
  }

  /** The template of the build's files, also where `assetPrefix` is before their path. */
  staticOf(path: string): string | undefined {
    const template = this.templateOf(STATIC_ROUTE);
    if (path.startsWith(STATIC, this.#basePath.length) && path.startsWith(this.#basePath)) return template;
    return path.includes(STATIC) && this.find(path) === template ? template : undefined;
  }

  /** The rewrite to another server that a path has. */
  externalOf(path: string): string | undefined {
    const localized = this.#localize(path);
    const rules = [...this.#beforePages, ...this.#afterPages, ...this.#fallback];
    return rules.find((rule) => rule.isExternal && rule.matches(localized))?.template;
  }

  /** The redirect that gave an answer, where neither middleware nor a page ran. */
  redirectOf(path: string, status: number): string | undefined {
    const localized = this.#localize(path);
    return this.#redirects.find((rule) => rule.status === status && rule.matches(localized))?.template;
  }

  /** The template of what a path leads to: a redirect, a page, a server elsewhere. */
  find(target: string): string | undefined {
    const path = target.replaceAll(/[\\/]{2,}|\\/g, '/');
    const localized = this.#localize(path);
    const redirect = this.#redirects.find((rule) => rule.isUnconditional && rule.matches(localized));
    if (redirect !== undefined) return redirect.template;
    return (
      this.#rewritten(this.#beforePages, path) ??
      this.#pageAt(path) ??
      this.#rewritten(this.#afterPages, path) ??
      this.#rewritten(this.#fallback, path)
    );
  }

  #rewritten(rules: readonly Rule[], path: string): string | undefined {
    const localized = this.#localize(path);
    for (const rule of rules) {
      if (!rule.isUnconditional || !rule.matches(localized)) continue;
      const found = rule.isExternal ? rule.template : this.#pageAt(rule.destinationOf(localized));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #pageAt(path: string): string | undefined {
    const within = this.#withoutBase(path);
    if (within === undefined) return undefined;
    if (within.startsWith(STATIC)) return this.templateOf(STATIC_ROUTE);
    const data = DATA.exec(within)?.[1];
    const page = this.#withoutLocale(data === '/index' ? '/' : (data ?? within)).replace(/(?<=.)\/$/, '');
    if (page === IMAGES || this.#static.has(page)) return this.templateOf(page);
    const dynamic = page.startsWith('/_next/') ? undefined : this.#dynamic.find(({ regex }) => regex.test(page));
    return dynamic && this.templateOf(dynamic.page);
  }

  /** With the default locale, where the path has no locale: rules match such paths. */
  #localize(path: string): string {
    const within = this.#withoutBase(path);
    const local = within ?? path;
    if (this.#defaultLocale === undefined || path.includes('/_next/') || this.#localeOf(local) !== undefined) {
      return path;
    }
    return `${within === undefined ? '' : this.#basePath}/${this.#defaultLocale}${local === '/' ? '' : local}`;
  }

  #withoutBase(path: string): string | undefined {
    if (this.#basePath === '') return path;
    if (path === this.#basePath) return '/';
    return path.startsWith(`${this.#basePath}/`) ? path.slice(this.#basePath.length) : undefined;
  }

  #withoutLocale(path: string): string {
    const locale = this.#localeOf(path);
    return locale === undefined ? path : path.slice(locale.length + 1) || '/';
  }

  #localeOf(path: string): string | undefined {
    if (this.#locales.length === 0) return undefined;
    const first = path.split('/', 2)[1]?.toLowerCase();
    return this.#locales.find((locale) => locale.toLowerCase() === first);
  }
}
