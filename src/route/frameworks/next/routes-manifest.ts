import { join } from 'node:path';
import { readRegularFile } from '../../../base/regular-file.ts';

/**
 * A rule of `redirects()` or `rewrites()`.
 * @property source      with the `basePath`, and with a parameter for the locale where the app has several
 * @property regex       what it matches: a path with a locale
 * @property internal    Next's own rule, such as the one for trailing slashes
 * @property has         conditions on the request
 */
export interface ManifestRule {
  readonly source: string;
  readonly destination: string;
  readonly regex: string;
  readonly statusCode?: number;
  readonly internal?: boolean;
  readonly locale?: false;
  readonly has?: unknown;
  readonly missing?: unknown;
}

interface ManifestPage {
  readonly page: string;
  readonly regex: string;
}

interface Rewrites {
  readonly beforeFiles?: readonly ManifestRule[];
  readonly afterFiles?: readonly ManifestRule[];
  readonly fallback?: readonly ManifestRule[];
}

/** What `next build` writes about the routes of an app: version 3 of `routes-manifest.json`, since Next 10. */
export interface RoutesManifest {
  readonly basePath?: string;
  readonly redirects?: readonly ManifestRule[];
  readonly rewrites?: Rewrites | readonly ManifestRule[];
  readonly staticRoutes?: readonly ManifestPage[];
  readonly dynamicRoutes?: readonly ManifestPage[];
  readonly i18n?: { readonly locales?: readonly string[]; readonly defaultLocale?: string } | null;
}

/** A bigger manifest would block the app for too long: about 10 ms for each MB. */
const MAX_MANIFEST_BYTES = 4 << 20;

/**
 * Reads the routes of a build, once, at the end of the first request. Next has no object that leads to them.
 * @param distDir  the folder of the build
 * @returns undefined where there is no such file, or it may not be read
 */
export function readRoutesManifest(distDir: string): RoutesManifest | undefined {
  try {
    const text = readRegularFile(join(distDir, 'routes-manifest.json'), MAX_MANIFEST_BYTES)?.toString();
    const manifest = text === undefined ? undefined : JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}
