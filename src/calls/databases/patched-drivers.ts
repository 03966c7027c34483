/** Drivers whose calls are seen in their own code. What is built on them publishes the same calls again. */
const patched = new Set<string>();

export const isPatched = (driver: string): boolean => patched.has(driver);

/** @param driver the name of its package */
export function setPatched(driver: string, value: boolean): void {
  if (value) patched.add(driver);
  else patched.delete(driver);
}
