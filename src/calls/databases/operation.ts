import { OTHER } from '../../semconv.ts';
import { MONGODB_COMMANDS } from './mongodb-commands.ts';
import { REDIS_COMMANDS } from './redis-commands.ts';
import { firstKeyword } from './sql-keyword.ts';

/** Opening a connection, or waiting for one of a pool. */
export const CONNECT = 'connect';

/**
 * The keyword that an SQL text begins with, such as `SELECT`, in capitals; `other` where it is no known one. Nothing else of
 * the text is kept.
 */
export const sqlOperation = (text: unknown): string => (typeof text === 'string' ? firstKeyword(text) : OTHER);

const redisOperations = new Map<string, string>();
/**
 * The command of Redis, in capitals; `other` where it is no known one.
 * @param command as the client tells it: `hset` or `HSET`
 */
export function redisOperation(command: unknown): string {
  if (typeof command !== 'string') return OTHER;
  // As texts of either case are known after the first call, no text is created for later ones.
  const known = redisOperations.get(command);
  if (known !== undefined) return known;
  const name = command.toUpperCase();
  if (!REDIS_COMMANDS.has(name)) return OTHER;
  redisOperations.set(command, name);
  return name;
}

/** The command of MongoDB as its protocol spells it, such as `findAndModify`; `other` where it is no known one. */
export const mongodbOperation = (command: unknown): string =>
  typeof command === 'string' && MONGODB_COMMANDS.has(command) ? command : OTHER;
