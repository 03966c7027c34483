#!/usr/bin/env node
/** The `apm` command: selects a subcommand and reports internal errors. */
import { OWN_PACKAGE } from '../config/own-package.ts';
import { FAILURE_EXIT_CODE } from './command.ts';

/**
 * @property summary  one line for the help
 * @property load     imports the command's module; called only for the selected command
 */
interface Subcommand {
  readonly summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  doctor: {
    summary: 'checks whether a running process is measured, and says how to fix problems',
    load: () => import('./doctor/command.ts'),
  },
  compare: {
    summary: 'tests whether a service became faster or slower, and by how much',
    load: () => import('./compare/command.ts'),
  },
  report: {
    summary: 'lists the slowest endpoints, the widest tails and where the time went',
    load: () => import('./report/command.ts'),
  },
  rules: {
    summary: 'prints recording and alert rules for Prometheus',
    load: () => import('./rules/command.ts'),
  },
  snapshot: {
    summary: 'saves scrapes of a running process for apm compare',
    load: () => import('./snapshot/command.ts'),
  },
};

const HELP = `Usage: apm <command> [options]

${Object.entries(SUBCOMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}\n`)
  .join('')}
  apm <command> --help   shows the options of a command
  apm --version          prints the version
`;

/** @returns the exit code */
async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h') return print(HELP);
  if (name === '--version' || name === '-v') return print(`${OWN_PACKAGE.version}\n`);
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (subcommand !== undefined) return (await subcommand.load()).run(args);
  console.error(`apm: ${name === '' ? 'no command' : `unknown command ${JSON.stringify(name)}`}; see apm --help`);
  return FAILURE_EXIT_CODE;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // The reader closed the pipe, as in `apm doctor | head -1`. That is no failure.
  if (code === 'EPIPE') return;
  console.error(`apm: cannot write output: ${message}`);
  process.exitCode = FAILURE_EXIT_CODE;
  // `main` may set another exit code after this event.
  process.once('exit', () => {
    process.exitCode = FAILURE_EXIT_CODE;
  });
});
main(process.argv.slice(2))
  .catch((error: unknown) => {
    // Not exit code 1, which means "slower" or "problem found".
    const [message = '', location = ''] = String((error as Error)?.stack ?? error).split(/\n\s*at /);
    console.error(`apm: internal error (please report): ${message.replace(/\s+/g, ' ')} (${location})`);
    return FAILURE_EXIT_CODE;
  })
  .then((code) => {
    process.exitCode = code;
  });
