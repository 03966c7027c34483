import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { cachedFolder } from '../../../stack/cache.ts';
import { run } from '../../../stack/run.ts';
import { orSkip } from './or-skip.ts';

/** The one of Docker Compose 2.40.3. */
const VERSION = '2.9.1';

export interface Loaded {
  services: Record<string, { environment?: Record<string, string | number>; command?: string[] }>;
}

/**
 * Docker Compose's own loader, which is a library with a small program: what `docker compose config` refuses, it refuses.
 * Seconds to build and 7 MB, where Docker Compose itself is minutes and 96 MB.
 * @returns loads the text of a compose.yaml; rejects with what is wrong with it
 */
export async function composeLoader(test: TestContext): Promise<(text: string) => Promise<Loaded>> {
  const path = await orSkip(test, "Docker Compose's loader", built);
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

async function built(): Promise<string> {
  const folder = await cachedFolder(`compose-go-${VERSION}`, async (bin) => {
    const env = { ...process.env, CGO_ENABLED: '0', GOBIN: bin };
    const module = `github.com/compose-spec/compose-go/v2/cmd@v${VERSION}`;
    await run('go', ['install', module], { env, cwd: bin, idle: true });
  });
  return join(folder, 'cmd');
}
