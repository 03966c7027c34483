import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { PROJECT_NAMES, type ProjectName, projectOf, testFiles } from './test/support/projects.ts';

const files = testFiles();
/** For tests that run what is built, on every supported Node. */
const BUILT = { globalSetup: ['test/support/setup.ts'] };
/** For tests that mostly wait, for scrapes or for the page's intervals: twice as many at once as there are cores. */
const WAITING = { ...BUILT, maxWorkers: 4, sequence: { groupOrder: 1 } };

/** What a project has besides its files. */
const SETTINGS: Record<ProjectName, TestProjectInlineConfiguration['test']> = {
  unit: { setupFiles: ['test/support/no-process.ts', 'test/support/histograms.ts'] },
  apps: BUILT,
  frameworks: BUILT,
  databases: { globalSetup: [...BUILT.globalSetup, 'test/databases/support/global-setup.ts'] },
  stack: WAITING,
  browser: WAITING,
  // It takes the whole machine, so it runs alone, after all others.
  soak: { ...BUILT, testTimeout: 180_000, sequence: { groupOrder: 2 } },
  programs: { ...BUILT, testTimeout: 120_000, hookTimeout: 600_000 },
};

export default defineConfig({
  test: {
    // Most tests start processes; two cores are the smallest machine the suite must be steady on.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
    projects: PROJECT_NAMES.map((name) => ({
      extends: true,
      test: { name, include: files.filter((file) => projectOf(file) === name), ...SETTINGS[name] },
    })),
  },
});
