import { configDefaults, defineConfig } from 'vitest/config';

/** It takes all of the machine, so it has it to itself, when the others are through. */
const SOAK = 'test/soak.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/setup.ts'],
    // Most tests start processes; two cores are the smallest machine the suite must be steady on.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, SOAK],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'soak', include: [SOAK], testTimeout: 180_000, sequence: { groupOrder: 1 } } },
    ],
  },
});
