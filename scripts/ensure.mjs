// Installs missing dependencies and, with --build, builds if a source is newer than the build. So one command is enough on a
// fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (folder) =>
  Math.max(...readdirSync(folder, { recursive: true }).map((name) => modified(join(folder, name))));

function npm(...args) {
  const [file, ...first] = npmCommand();
  const { status, error } = spawnSync(file, [...first, ...args], {
    cwd: root,
    shell: file === 'npm' && process.platform === 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error || status !== 0) {
    console.error(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
    process.exit(status || 1);
  }
}

if (modified(join(root, 'node_modules/.package-lock.json')) < modified(join(root, 'package-lock.json'))) {
  console.log('Installing dependencies (npm ci) ...');
  npm('ci', '--no-audit', '--no-fund');
}
if (process.argv.includes('--build')) {
  const sources = Math.max(newest(join(root, 'src')), modified(join(root, 'tsconfig.build.json')));
  if (modified(join(root, 'dist/register.js')) < sources) npm('run', '--silent', 'build');
}
