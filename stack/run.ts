import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** The output of a program that exited with 0. */
export interface Output {
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Low priority, because tests run at the same time as a build. */
  idle?: boolean;
}

/**
 * Runs a program and waits for its end.
 * @throws an Error with the last lines of its output
 */
export function run(file: string, args: readonly string[], { idle, ...options }: RunOptions = {}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const { pid } = execFile(file, args, { maxBuffer: 64 << 20, ...options }, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      const { code } = error as NodeJS.ErrnoException;
      const output = lastLines(stderr || stdout) || error.message;
      reject(new Error(code === 'ENOENT' ? `${file} is not installed` : output));
    });
    if (idle && pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  });
}

/** The last lines of a text, for messages. */
export function lastLines(text: string, count = 15): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
