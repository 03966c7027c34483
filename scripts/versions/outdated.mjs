// The pins of the packages of package.json, which are in package-lock.json.
import { spawnSync } from 'node:child_process';
import { root } from '../../test/support/root.ts';
import { npmCommand } from '../npm.mjs';

export async function outdated() {
  const [file, ...first] = npmCommand();
  // npm exits with 1 if a package is outdated.
  const { stdout } = spawnSync(file, [...first, 'outdated', '--json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32' && file === 'npm',
  });
  return Object.entries(JSON.parse(stdout || '{}'))
    .filter(([, { current }]) => current)
    .map(([what, { current, wanted, latest }]) => ({
      what,
      where: 'package.json',
      current,
      newest: wanted,
      newerLine: latest === wanted ? undefined : latest,
    }));
}
