/** The file of this package, or of a bundle that contains it. Undefined in a bundle that is an ES module. */
export const ownFile: string | undefined = typeof __filename === 'string' ? __filename : undefined;
