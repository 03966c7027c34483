#!/usr/bin/env node
/** The `apm` command: what to run for each word, and nothing of what it does. */
import { readOwnPackage } from '../config/own-package.ts';

/**
 * @property summary  one line for the help
 * @property load     its module, loaded only when it is asked for
 */
interface Command {
  readonly summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  doctor: {
    summary: 'says whether a running process is measured, and what to do where it is not',
    load: () => import('./doctor/doctor.ts'),
  },
  compare: {
    summary: 'says whether a service has become faster, by how much, and whether that is more than chance',
    load: () => import('./compare/command.ts'),
  },
  report: {
    summary: 'says of a period which endpoints were slowest, had the widest tails, and where the time went',
    load: () => import('./report/command.ts'),
  },
  rules: {
    summary: 'prints recording and alert rules for Prometheus',
    load: () => import('./rules/command.ts'),
  },
  snapshot: {
    summary: 'saves scrapes of a running process, for apm compare',
    load: () => import('./snapshot.ts'),
  },
};

const HELP = `Usage: apm <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}\n`)
  .join('')}
  apm <command> --help   says more of a command
  apm --version          prints the version
`;

/** @returns the exit code; 2 where it was used wrongly */
async function main([word = '', ...args]: string[]): Promise<number> {
  if (word === '--help' || word === '-h') return print(HELP);
  if (word === '--version' || word === '-v') return print(`${readOwnPackage().version}\n`);
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command !== undefined) return (await command.load()).run(args);
  console.error(
    `apm: ${word === '' ? 'no command given' : `there is no command ${JSON.stringify(word)}`}; see apm --help`,
  );
  return 2;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

// Whoever reads the output may stop reading (`apm doctor | head -1`).
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  console.error(`apm: what it says cannot be written: ${message}`);
  process.exitCode = 2;
  process.once('exit', () => {
    process.exitCode = 2;
  });
});
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  // 1 would say that something is slower, or wrong with the app.
  const [what = '', where = ''] = String((error as Error)?.stack ?? error).split(/\n\s*at /);
  console.error(`apm: a bug of its own: ${what.replace(/\s+/g, ' ')} (${where}); please report it`);
  return 2;
});
