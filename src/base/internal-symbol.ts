/**
 * Reads a property whose symbol is internal to Node.
 * @param description of the symbol
 * @returns undefined where the object has no such property
 */
export function internalSymbol<T extends object, V>(description: string): (object: T) => V | undefined {
  let symbol: symbol | undefined;
  return (object) => {
    symbol ??= Object.getOwnPropertySymbols(object).find((each) => each.description === description);
    return symbol && (object as unknown as Record<symbol, V>)[symbol];
  };
}
