#!/usr/bin/env node
// The command `apm`. In a clone it first installs and builds what is missing; the package has no such script.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ensure = fileURLToPath(new URL('../scripts/ensure.mjs', import.meta.url));
if (existsSync(ensure)) {
  // stderr, because stdout is for the result of the command.
  const { status } = spawnSync(process.execPath, [ensure, '--build'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(2);
}
await import('../dist/cli/apm.js');
