import { execFile } from 'node:child_process';

/** What a program wrote, when it has ended well. */
export interface Output {
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end.
 * @throws an Error whose message is the last lines it wrote
 */
export function run(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { maxBuffer: 64 << 20, ...options }, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      const { code } = error as NodeJS.ErrnoException;
      const said = lastLines(stderr || stdout) || error.message;
      reject(new Error(code === 'ENOENT' ? `${file} is not installed` : said));
    });
  });
}

/** The end of a text, for messages. */
export function lastLines(text: string, count = 15): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
