import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { parse, stringify } from 'yaml';
import { cachedFolder } from '../../../stack/cache.ts';
import { run } from '../../../stack/run.ts';
import { root } from '../../support/root.ts';
import { buildOrSkip } from './build-or-skip.ts';

const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib/exporter';
const VERSION = 'v0.159.0';

/**
 * The Collector of collector/builder-config.yaml with the additional exporters of scaling.md. The first build takes a
 * minute.
 */
export const getBiggerCollector = (test: TestContext) =>
  buildOrSkip(test, 'a Collector with more exporters', buildBiggerCollector);

/** Builds it unless it is cached. @returns its path */
export async function buildBiggerCollector(): Promise<string> {
  const config = parse(await readFile(join(root, 'collector/builder-config.yaml'), 'utf8'));
  for (const exporter of ['loadbalancingexporter', 'prometheusremotewriteexporter']) {
    config.exporters.push({ gomod: `${CONTRIB}/${exporter} ${VERSION}` });
  }
  const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);
  const folder = await cachedFolder(`bigger-collector-${hash}`, async (bin) => {
    const file = join(bin, 'builder-config.yaml');
    await writeFile(file, stringify({ ...config, dist: { ...config.dist, output_path: bin } }));
    const builder = `go.opentelemetry.io/collector/cmd/builder@${VERSION}`;
    const env = { ...process.env, CGO_ENABLED: '0' };
    await run('go', ['run', builder, '--config', file], { env, cwd: bin, idle: true });
  });
  return join(folder, config.dist.name);
}
