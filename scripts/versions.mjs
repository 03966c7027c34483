// Finds newer versions of everything that the tests pin, and prints a table.
//   npm run versions               prints the newer versions
//   npm run versions -- --write    moves every pin to the newest version of its line, and rewrites all lock files
//   npm run versions -- --locks    writes lock files that are missing or do not match their table
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { goPins } from './versions/go-pins.mjs';
import { writeLocks } from './versions/locks.mjs';
import { nodePins } from './versions/node-pins.mjs';
import { outdated } from './versions/outdated.mjs';
import { packagePins } from './versions/package-pins.mjs';
import { table } from './versions/table.mjs';

const options = { write: { type: 'boolean' }, locks: { type: 'boolean' }, all: { type: 'boolean' } };
const { values } = parseArgs({ options });

if (values.locks) await writeLocks({ all: values.all ?? false });
else await report(values.write ?? false);

async function report(write) {
  const pins = [...(await nodePins()), ...(await packagePins()), ...(await goPins())];
  const newer = pins.filter(({ current, newest, newerLine }) => current !== newest || newerLine);
  const own = await outdated();
  console.log(table([...newer, ...own]));
  console.log(
    `\n${newer.length} of ${pins.length} pins and ${own.length} packages of package.json have a newer version.`,
  );
  console.log('A newer line needs a new row in the table of its framework. For package.json: npm update.');
  if (!write)
    return console.log('npm run versions -- --write moves the pins within their lines and writes the lock files.');

  for (const pin of pins) if (pin.current !== pin.newest) pin.write();
  // In a new process, because this one has imported the tables before they changed.
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', process.argv[1], '--locks', '--all'], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
