import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** The tests of the project `unit` start no process: what they say must not depend on what is built. */
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  Object.defineProperty(childProcess, name, {
    value: (command: string) => {
      throw new Error(
        `a unit test started a process (${command}): import node:child_process in it, so that it runs with apps`,
      );
    },
  });
}
syncBuiltinESMExports();
