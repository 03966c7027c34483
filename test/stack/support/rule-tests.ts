import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { run } from '../../../stack/run.ts';

/** Creates a folder that is removed after the test. */
export function createFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'apm-rules-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Writes rules and their tests to a temporary folder. @returns the path of the tests */
export function writeRuleTest(rulesText: string, testing: object): string {
  const path = createFolder();
  writeFileSync(join(path, 'apm.rules.yml'), rulesText);
  writeFileSync(join(path, 'one.test.yml'), stringify({ ...testing, rule_files: ['apm.rules.yml'] }));
  return join(path, 'one.test.yml');
}

/** @returns promtool's error; empty if the tests pass */
export const runRuleTest = (promtool: string, file: string) =>
  run(promtool, ['test', 'rules', file]).then(
    () => '',
    (error: Error) => error.message,
  );
