import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from './input-error.ts';
import { Interrupted } from './interruption.ts';
import { stripControls } from './terminal.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** Exit code of a usage error, of unusable input and of an internal error. */
export const FAILURE_EXIT_CODE = 2;

/**
 * One command of `apm`.
 * @property options      as `parseArgs` of node:util takes them; `--help` is added
 * @property positionals  whether it takes arguments that are no options
 * @property parse        turns the arguments into a request; throws an Error on a usage error
 * @property run          returns the exit code; throws an InputError where the input cannot be used
 */
export interface Command<O extends Options, Request> {
  readonly name: string;
  readonly help: string;
  readonly options: O;
  readonly positionals: boolean;
  parse(values: Values<O>, positionals: readonly string[]): Request;
  run(request: Request): Promise<number>;
}

/** Runs a command. Every failure that the user can fix is one line on stderr. @returns the exit code */
export async function runCommand<O extends Options, Request>(
  { name, help, options, positionals: allowPositionals, parse, run }: Command<O, Request>,
  args: readonly string[],
): Promise<number> {
  let request: Request;
  try {
    const withHelp = { ...options, help: { type: 'boolean', short: 'h' } } as const;
    const parsed = parseArgs({ args: joinTimes(args), options: withHelp, allowPositionals });
    if ((parsed.values as { help?: boolean }).help) {
      process.stdout.write(help);
      return 0;
    }
    request = parse(parsed.values as Values<O>, parsed.positionals);
  } catch (error) {
    // parseArgs appends advice about `--` in further sentences.
    const [reason = ''] = (error as Error).message.split(/\. |\n/);
    console.error(`apm ${name}: ${stripControls(reason)}; see apm ${name} --help`);
    return FAILURE_EXIT_CODE;
  }
  try {
    return await run(request);
  } catch (error) {
    if (error instanceof InputError) console.error(`apm ${name}: ${stripControls(error.message)}`);
    else if (!(error instanceof Interrupted)) throw error;
    return FAILURE_EXIT_CODE;
  }
}

/** Reports progress on stderr, since stdout has the result. */
export const printProgress = (line: string): void => console.error(stripControls(line));

/** The usage error of an option with a wrong value. */
export const optionError = (option: string, expected: string, value: unknown): Error =>
  new Error(`--${option}: expected ${expected}; got ${JSON.stringify(value)}`);

/** @throws a usage error where the value is none of the known ones */
export function parseChoice<T extends string>(option: string, known: readonly T[], value: string): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw optionError(option, `one of ${known.join(', ')}`, value);
  return found;
}

/**
 * Joins a time that begins with a minus to the option before it, as in `--before -2h..-1h`: parseArgs would take it for
 * an option.
 */
const joinTimes = (args: readonly string[]): string[] =>
  args.reduce<string[]>((joined, arg) => {
    const last = joined.at(-1);
    if (last !== undefined && /^--[a-z-]+$/.test(last) && /^-\d/.test(arg))
      joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
    return joined;
  }, []);
