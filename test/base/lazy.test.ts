import { describe, expect, it } from 'vitest';
import { lazy } from '../../src/base/lazy.ts';

describe('lazy', () => {
  it('loads the module at the first call, and only once', () => {
    let loads = 0;
    const counted = lazy(() => ({ one: ++loads }));
    expect(loads).toBe(0);
    expect(counted().one).toBe(1);
    expect(counted()).toBe(counted());
    expect(loads).toBe(1);
  });

  it('throws what the module throws, and tries again at the next call', () => {
    let isThere = false;
    const late = lazy(() => {
      if (!isThere) throw new Error('Cannot find module');
      return { two: 2 };
    });
    expect(late).toThrow('Cannot find module');
    isThere = true;
    expect(late().two).toBe(2);
  });
});
