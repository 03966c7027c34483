import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { scrapeUrl } from '../compare/sources/scrape.ts';
import { nameOf, timeOf } from '../compare/sources/snapshots/snapshot-files.ts';
import { BadInput } from '../input-error.ts';

/**
 * @property every   seconds between two snapshots
 * @property during  seconds from the first to the last
 * @property out     a directory; made where there is none
 * @property say     is told each snapshot, and each that could not be taken
 * @property signal  ends it with what there is
 */
export interface Recording {
  readonly url: string;
  readonly token: string | undefined;
  readonly every: number;
  readonly during: number;
  readonly out: string;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** Milliseconds: a timer of more than 24 days ends at once. */
const LONGEST = 86_400_000;
/** Milliseconds that a scrape may take where the next one is far away. */
const PATIENT = 60_000;

/**
 * Saves scrapes, the first at once and the last at the end. One that fails in between is a gap.
 * @returns how many there are
 * @throws BadInput where the first one fails, or the directory cannot be used
 */
export async function record({ url, token, every, during, out, signal, say }: Recording): Promise<number> {
  const text = await scrapeUrl(url, { token, signal });
  await prepare(out);
  const started = performance.now();
  const all = Math.ceil(during / every - 1e-9) + 1;
  const save = async (exposition: string, number: number) => {
    const name = nameOf(new Date());
    // Under another name until it is whole: whoever reads the directory meanwhile leaves out what begins with a dot.
    try {
      await writeFile(join(out, `.${name}`), exposition);
      await rename(join(out, `.${name}`), join(out, name));
    } catch (error) {
      await rm(join(out, `.${name}`), { force: true }).catch(() => {});
      throw new BadInput(`${out} cannot be written: ${(error as Error).message}; make room, or give another --out`);
    }
    say(`${number} of ${all}: ${join(out, name)}`);
  };
  await save(text, 1);
  let saved = 1;
  for (let number = 2; number <= all && !signal.aborted; number++) {
    const at = Math.min((number - 1) * every, during) * 1000;
    try {
      for (let left = 1; left > 0; left = started + at - performance.now()) {
        await wait(Math.min(Math.max(0, started + at - performance.now()), LONGEST), undefined, { signal });
      }
      // No longer than until the next one, so that one that hangs is one gap; but as long as a busy process may take.
      const patience = Math.min(Math.max(2_000, every * 1000), PATIENT);
      await save(await scrapeUrl(url, { token, signal, patience }), number);
      saved++;
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof BadInput)) throw error;
      say(`${number} of ${all}: a gap: ${error.message}`);
    }
  }
  return saved;
}

/** @throws BadInput where there are snapshots already, or none can be written */
async function prepare(out: string): Promise<void> {
  let names: string[];
  try {
    await mkdir(out, { recursive: true });
    names = await readdir(out);
  } catch (error) {
    throw new BadInput(`${out} cannot be used: ${(error as Error).message}; give another --out`);
  }
  if (names.some((name) => timeOf(name) !== undefined)) {
    throw new BadInput(`${out} has snapshots already, which would become one recording; give another --out`);
  }
}
