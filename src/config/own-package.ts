/**
 * Name and version of this package, as in its package.json. They are written out, because there is no package.json beside
 * a bundle.
 */
export const OWN_PACKAGE = { name: '@org/apm', version: '0.1.0' } as const;
