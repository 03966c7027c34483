// Records the calls that the built package sees in this process, and prints them as JSON when the work is done.
import { createRequire } from 'node:module';

export const { DATABASE_DRIVERS } = createRequire(import.meta.url)('../../../dist/calls/databases/index.js');

/** @param work  uses a driver. It gets functions that return the calls that ended since it was last
 * called, and how many are open */
export async function recordCalls(work) {
  const ended = [];
  let open = 0;
  const sink = {
    started: () => {
      open += 1;
    },
    ended: ({ target: { system, host, operation }, error, seconds }) => {
      open -= 1;
      ended.push({ system, host, operation, ...(error && { error }), seconds });
    },
  };
  const watched = process.env.DRIVERS ?? DATABASE_DRIVERS.map((driver) => driver.name);
  const drivers = DATABASE_DRIVERS.filter((driver) => watched.includes(driver.name));
  const ends = drivers.map((driver) => driver.watch({ sink, isIgnored: () => false, withDetails: false }));
  const takeCalls = () => ended.splice(0);
  const result = await work(takeCalls, () => open);
  for (const end of ends) end();
  console.log(JSON.stringify({ ...result, open }));
  process.exit();
}

/** A call without its duration, as a short text: `mysql localhost:3307 SELECT`. */
export const describe = ({ system, host, operation, error }) =>
  [system, host, operation, error].filter((part) => part !== undefined).join(' ');

/** The package of a driver in the folder that the first argument names, and the address of its server. */
export const [folder, name, address] = process.argv.slice(2);
export const driver = name && createRequire(`${folder}/package.json`)(name);
export const server = address && JSON.parse(address);
