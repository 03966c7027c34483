import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { cached } from '../../../stack/cache.ts';
import { run } from '../../../stack/run.ts';

/** The one of Docker Compose 2.40.3. */
const VERSION = '2.9.1';

/**
 * Docker Compose's own loader, which is a library with a small program: what `docker compose config` refuses, it refuses.
 * Seconds to build and 7 MB, where Docker Compose itself is minutes and 96 MB. Skips the test where it cannot be built.
 */
export async function composeLoader(test: TestContext): Promise<(text: string) => Promise<Loaded>> {
  try {
    const path = await built();
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
  } catch (error) {
    const why = `Docker Compose's loader cannot be built: ${(error as Error).message}`;
    if (process.env.APM_REQUIRE_STACK === '1') throw new Error(`APM_REQUIRE_STACK=1, and ${why}`);
    process.stdout.write(`skipped "${test.task.name}": ${why}\n`);
    return test.skip(why);
  }
}

export interface Loaded {
  services: Record<string, { environment?: Record<string, string | number>; command?: string[] }>;
}

async function built(): Promise<string> {
  const folder = await cached(`compose-go-${VERSION}`, async (bin) => {
    const env = { ...process.env, CGO_ENABLED: '0', GOBIN: bin };
    await run('go', ['install', `github.com/compose-spec/compose-go/v2/cmd@v${VERSION}`], { env, cwd: bin });
  });
  return join(folder, 'cmd');
}
