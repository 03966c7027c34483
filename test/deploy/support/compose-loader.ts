import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { cachedFolder } from '../../../stack/cache.ts';
import { run } from '../../../stack/run.ts';
import { buildOrSkip } from './build-or-skip.ts';

/** Docker Compose 2.40.3 uses this version. */
const VERSION = '2.9.1';

export interface Loaded {
  services: Record<string, { environment?: Record<string, string | number>; command?: string[] }>;
}

/**
 * The loader of Docker Compose, a library with a small program. It refuses what `docker compose config` refuses. It takes
 * seconds to build and 7 MB; Docker Compose itself takes minutes and 96 MB.
 * @returns a function that loads the text of a compose.yaml, and rejects with the loader's error
 */
export async function getComposeLoader(test: TestContext): Promise<(text: string) => Promise<Loaded>> {
  const path = await buildOrSkip(test, "Docker Compose's loader", buildComposeLoader);
  return async (text) => {
    const folder = await mkdtemp(join(tmpdir(), 'apm-compose-'));
    try {
      await writeFile(join(folder, 'compose.yaml'), text);
      const { stdout } = await run(path, ['-format', 'json', 'compose.yaml'], { cwd: folder });
      return JSON.parse(stdout);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

/** Builds it unless it is cached. @returns its path */
export async function buildComposeLoader(): Promise<string> {
  const folder = await cachedFolder(`compose-go-${VERSION}`, async (bin) => {
    const env = { ...process.env, CGO_ENABLED: '0', GOBIN: bin };
    const module = `github.com/compose-spec/compose-go/v2/cmd@v${VERSION}`;
    await run('go', ['install', module], { env, cwd: bin, idle: true });
  });
  return join(folder, 'cmd');
}
