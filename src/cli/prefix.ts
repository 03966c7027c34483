import { VARIABLES } from '../config/variables.ts';
import { optionError } from './command.ts';

const { variable, expected, parse } = VARIABLES.metricPrefix;

/**
 * The prefix of the metrics that a command reads: its option `--prefix`, else the variable, as the services read it.
 * @returns empty for none
 * @throws a usage error where the option is not valid
 */
export function parsePrefix(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const text = (option ?? env[variable] ?? '').trim();
  if (text === '') return '';
  const prefix = parse(text);
  // A service ignores such a variable too.
  if (prefix === undefined && option !== undefined) throw optionError('prefix', expected, option);
  return prefix ?? '';
}
