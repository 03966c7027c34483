import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cachedFolder } from './cache.ts';
import { root } from './root.ts';
import { run } from './run.ts';

/** A program that was found or built. */
export interface Found {
  readonly name: ProgramName;
  readonly path: string;
  /** `3.16.0` */
  readonly version: string;
}

/** A program that is missing, with the reason in a few lines. */
export interface Missing {
  readonly name: ProgramName;
  readonly missing: string;
}

export type Program = Found | Missing;

/**
 * - `prometheus`, `promtool`: of version 3: on PATH, else built.
 * - `system-prometheus`, `system-promtool`: on PATH, whatever their version: what a distribution ships.
 * - `collector`: with every component that collector-config.yaml names: `otelcol-contrib` on PATH, else built.
 */
export type ProgramName = 'prometheus' | 'promtool' | 'system-prometheus' | 'system-promtool' | 'collector';

/** The Go module of Prometheus 3.16.0 has the version v0.316.0. */
const PROMETHEUS = '3.16.0';
const COLLECTOR = '0.159.0';

const found = new Map<ProgramName, Promise<Program>>();

/**
 * Finds a program on PATH, or builds it with Go: that takes minutes the first time and milliseconds afterwards. It never
 * throws: a missing program is returned with the reason.
 */
export function findProgram(name: ProgramName): Promise<Program> {
  const known = found.get(name) ?? LOOK[name]();
  found.set(name, known);
  return known;
}

const LOOK: Record<ProgramName, () => Promise<Program>> = {
  'system-prometheus': () => system('system-prometheus', 'prometheus'),
  'system-promtool': () => system('system-promtool', 'promtool'),
  prometheus: () => orBuilt('prometheus', 'prometheus', PROMETHEUS, '3.0', () => prometheus('prometheus')),
  promtool: () => orBuilt('promtool', 'promtool', PROMETHEUS, '3.0', () => prometheus('promtool')),
  collector: () => orBuilt('collector', 'otelcol-contrib', COLLECTOR, '0.159', collector),
};

async function system(name: ProgramName, file: string): Promise<Program> {
  try {
    const { stdout, stderr } = await run(file, ['--version']);
    // Prometheus 2 prints its version on stderr, Prometheus 3 on stdout.
    const [, version] = /version (\d+\.\d+\.\d+)/.exec(stdout + stderr) ?? [];
    return version ? { name, path: file, version } : { name, missing: `${file} does not say its version` };
  } catch (error) {
    return { name, missing: (error as Error).message };
  }
}

/** @param least the oldest version on PATH that will do: `0.159` */
async function orBuilt(
  name: ProgramName,
  file: string,
  version: string,
  least: string,
  build: () => Promise<string>,
): Promise<Program> {
  const onPath = await system(name, file);
  if ('path' in onPath && isAtLeast(onPath.version, least)) return onPath;
  try {
    const path = await build();
    const built = await system(name, path);
    return 'path' in built ? built : { name, missing: `${built.missing}; delete ${dirname(path)} to build it again` };
  } catch (error) {
    const instead = 'path' in onPath ? `${file} ${onPath.version} is older than ${least}` : onPath.missing;
    return { name, missing: `${instead}; building ${version} failed:\n${(error as Error).message}` };
  }
}

function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Without cgo, because that would need a C compiler. */
const GO = { ...process.env, CGO_ENABLED: '0' };

async function prometheus(command: 'prometheus' | 'promtool'): Promise<string> {
  const module = 'github.com/prometheus/prometheus';
  const folder = await cachedFolder(`${command}-${PROMETHEUS}`, async (bin) => {
    console.log(`Building ${command} ${PROMETHEUS}; the first time takes minutes ...`);
    // Without service discovery, which is not needed here and has most of the dependencies.
    const version = `-X github.com/prometheus/common/version.Version=${PROMETHEUS}`;
    const install = ['install', '-tags', 'remove_all_sd', '-ldflags', version];
    const env = { ...GO, GOBIN: bin };
    await run('go', [...install, `${module}/cmd/${command}@v${PROMETHEUS.replace('3.', '0.3')}`], {
      env,
      cwd: bin,
      idle: true,
    });
  });
  return join(folder, command);
}

async function collector(): Promise<string> {
  const config = parse(await readFile(join(root, 'collector/builder-config.yaml'), 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);
  const folder = await cachedFolder(`collector-${hash}`, async (bin) => {
    console.log(`Building the Collector ${COLLECTOR}; the first time takes minutes ...`);
    const file = join(bin, 'builder-config.yaml');
    await writeFile(file, stringify({ ...config, dist: { ...config.dist, output_path: bin } }));
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${COLLECTOR}`;
    await run('go', ['run', builder, '--config', file], { env: GO, cwd: bin, idle: true });
  });
  return join(folder, config.dist.name);
}
