import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../../../stack/cache.ts';
import { run } from '../../../stack/run.ts';

const SOURCE = join(import.meta.dirname, 'ferretdb');

/**
 * Builds FerretDB, which speaks MongoDB's protocol and has a free licence, from the versions of `ferretdb/go.sum`. It takes
 * minutes the first time.
 * @returns the path of the program
 * @throws an Error with the reason
 */
export async function buildFerretDb(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.sum']) hash.update(await readFile(join(SOURCE, name)));
  const folder = await cachedFolder(`ferretdb-${hash.digest('hex').slice(0, 12)}`, async (bin) => {
    console.log('Building FerretDB; the first time takes minutes ...');
    // Its other database is not needed. Without cgo, because that would need a C compiler.
    const build = ['build', '-tags', 'ferretdb_no_postgresql', '-o', join(bin, 'ferretdb'), '.'];
    await run('go', build, { env: { ...process.env, CGO_ENABLED: '0' }, cwd: SOURCE, idle: true });
  });
  return join(folder, 'ferretdb');
}
