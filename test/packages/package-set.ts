/** The exact versions by the names of the packages. */
export type Packages = Readonly<Record<string, string>>;

/**
 * Packages that are installed together in one folder for a test.
 * @property title      unique; names the lock file
 * @property overrides  npm's overrides of the versions of dependencies
 */
export interface PackageSet {
  readonly title: string;
  readonly packages: Packages;
  readonly overrides?: Packages;
}

/** The package.json of the folder. Apps read their service name from it. */
export function manifestOf({ title, packages, overrides }: PackageSet) {
  const name = `contract-${title.toLowerCase().replace(/[^a-z0-9.]+/g, '-')}`;
  return { name, version: '1.0.0', private: true, type: 'module', dependencies: packages, overrides };
}

/** A file name that differs wherever titles differ: `koa-2-with-@koa+router-12`. */
export function fileNameOf({ title }: PackageSet): string {
  return title.toLowerCase().replaceAll(' ', '-').replaceAll('/', '+');
}
