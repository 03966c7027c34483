import { expect, it, onTestFinished } from 'vitest';
import { repeat } from '../../src/base/repeat.ts';
import { pause } from '../../src/base/timers.ts';

it('does not start a task again while it runs, and goes on when it has ended', async () => {
  const started: (() => void)[] = [];
  const timer = repeat(() => new Promise<void>((resolve) => started.push(resolve)), 1);
  onTestFinished(() => clearInterval(timer));
  await expect.poll(() => started.length).toBe(1);
  await pause(20);
  expect(started.length).toBe(1);
  started[0]?.();
  await expect.poll(() => started.length).toBe(2);
});

it('does not keep the process alive', () => {
  const timer = repeat(async () => {}, 1000);
  onTestFinished(() => clearInterval(timer));
  expect(timer.hasRef()).toBe(false);
});
