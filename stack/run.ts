import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** What a program wrote, when it has ended well. */
export interface Output {
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Only with what time others leave: tests run beside a build. */
  idle?: boolean;
}

/**
 * Runs a program to its end.
 * @throws an Error whose message is the last lines it wrote
 */
export function run(file: string, args: readonly string[], { idle, ...options }: RunOptions = {}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const { pid } = execFile(file, args, { maxBuffer: 64 << 20, ...options }, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      const { code } = error as NodeJS.ErrnoException;
      const said = lastLines(stderr || stdout) || error.message;
      reject(new Error(code === 'ENOENT' ? `${file} is not installed` : said));
    });
    if (idle && pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  });
}

/** The end of a text, for messages. */
export function lastLines(text: string, count = 15): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
