import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cachedFolder } from './cache.ts';
import { root } from './root.ts';
import { run } from './run.ts';
import { isWithin, sameMinor, textOf, type VersionRange } from './version-range.ts';

/** A program that was found or built. */
export interface Found {
  readonly name: ProgramName;
  readonly path: string;
  /** `3.16.0` */
  readonly version: string;
}

/** A program that is missing, with the reason in a few lines. */
interface Missing {
  readonly name: ProgramName;
  readonly missing: string;
}

export type Program = Found | Missing;

/**
 * - `prometheus`, `promtool`: version 3, from PATH or built.
 * - `system-prometheus`, `system-promtool`: version 2 or 3 from PATH, as a Linux distribution ships it.
 * - `collector`: a Collector with every component of collector-config.yaml: `otelcol-contrib` from PATH, or built.
 */
export type ProgramName = 'prometheus' | 'promtool' | 'system-prometheus' | 'system-promtool' | 'collector';

/** The Go module of Prometheus 3.16.0 has the version v0.316.0. */
const PROMETHEUS = '3.16.0';
const COLLECTOR = '0.159.0';

/** A program on PATH is used if its version is in its range. */
const PROMETHEUS_3: VersionRange = { from: '3.0', before: '4' };
/** Debian 12 ships 2.42. */
const SHIPPED_PROMETHEUS: VersionRange = { from: '2.42', before: '4' };
/** Any minor version of the Collector may rename keys of its configuration. */
const COLLECTOR_RANGE = sameMinor(COLLECTOR);
const INSTALL_GO = 'install Go 1.26 or newer from https://go.dev/dl';

const found = new Map<ProgramName, Promise<Program>>();

/**
 * Finds a program on PATH, or builds it with Go: that takes minutes the first time and milliseconds afterwards. It never
 * throws: a missing program is returned with the reason.
 */
export function findProgram(name: ProgramName): Promise<Program> {
  const known = found.get(name) ?? FINDERS[name]();
  found.set(name, known);
  return known;
}

const FINDERS: Record<ProgramName, () => Promise<Program>> = {
  'system-prometheus': () => fromDistribution('system-prometheus', 'prometheus'),
  'system-promtool': () => fromDistribution('system-promtool', 'promtool'),
  prometheus: () =>
    findOrBuild('prometheus', 'prometheus', PROMETHEUS, PROMETHEUS_3, () => buildPrometheus('prometheus')),
  promtool: () => findOrBuild('promtool', 'promtool', PROMETHEUS, PROMETHEUS_3, () => buildPrometheus('promtool')),
  collector: () => findOrBuild('collector', 'otelcol-contrib', COLLECTOR, COLLECTOR_RANGE, buildCollector),
};

/** The program of a Linux distribution, which must be on PATH. */
async function fromDistribution(name: ProgramName, file: string): Promise<Program> {
  const found = await findOnPath(name, file);
  const install = 'install one with: apt-get install prometheus';
  if (!('path' in found)) return { name, missing: `${found.missing}; ${install}` };
  if (isWithin(found.version, SHIPPED_PROMETHEUS)) return found;
  return { name, missing: `${outOfRange(file, found.version, SHIPPED_PROMETHEUS)}; ${install}` };
}

const outOfRange = (file: string, version: string, range: VersionRange) =>
  `${file} on PATH is ${version}, and ${textOf(range)} is needed`;

async function findOnPath(name: ProgramName, file: string): Promise<Program> {
  try {
    const { stdout, stderr } = await run(file, ['--version']);
    // Prometheus 2 prints its version on stderr, Prometheus 3 on stdout.
    const [, version] = /version (\d+\.\d+\.\d+)/.exec(stdout + stderr) ?? [];
    return version ? { name, path: file, version } : { name, missing: `${file} --version prints no version` };
  } catch (error) {
    return { name, missing: (error as Error).message };
  }
}

/** @param range the accepted versions of a program on PATH */
async function findOrBuild(
  name: ProgramName,
  file: string,
  version: string,
  range: VersionRange,
  build: () => Promise<string>,
): Promise<Program> {
  const onPath = await findOnPath(name, file);
  if ('path' in onPath && isWithin(onPath.version, range)) return onPath;
  try {
    const path = await build();
    const built = await findOnPath(name, path);
    return 'path' in built ? built : { name, missing: `${built.missing}; delete ${dirname(path)} to build it again` };
  } catch (error) {
    const onPathIs = 'path' in onPath ? outOfRange(file, onPath.version, range) : onPath.missing;
    const { message } = error as Error;
    const why = message === 'go is not installed' ? `${message}; ${INSTALL_GO}` : message;
    return { name, missing: `${onPathIs}; building ${version} failed:\n${why}` };
  }
}

/** Without cgo, because that would need a C compiler. */
const GO = { ...process.env, CGO_ENABLED: '0' };

async function buildPrometheus(command: 'prometheus' | 'promtool'): Promise<string> {
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

async function buildCollector(): Promise<string> {
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
