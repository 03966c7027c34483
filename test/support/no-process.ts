import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** Tests of the project `unit` start no process: their result must not depend on the state of dist. */
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
