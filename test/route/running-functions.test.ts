import { expect, it } from 'vitest';
import { RunningFunctions } from '../../src/route/running-functions.ts';

const running = new RunningFunctions();
const here = (): string[] => running.newTexts(here);

it("reads the functions that are running, each once, and leaves the app's settings of Error as they are", () => {
  const before = Object.getOwnPropertyDescriptors(Error);
  let called = 0;
  Error.prepareStackTrace = () => called++;
  Error.stackTraceLimit = 0;
  const settings = Object.getOwnPropertyDescriptors(Error);
  try {
    const inner = () => here();
    const outer = () => inner();
    const texts = outer();
    expect(texts[0]).toContain('here()');
    expect(texts[1]).toContain('inner()');
    expect(outer()).toEqual([]);
    expect(called).toBe(0);
    expect(Object.getOwnPropertyDescriptors(Error)).toEqual(settings);
  } finally {
    Object.defineProperties(Error, before);
    if (!Object.hasOwn(before, 'prepareStackTrace')) Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
});
