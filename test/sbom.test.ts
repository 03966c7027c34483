import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './support/root.ts';
import { shared } from './support/shared.ts';

interface Package {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
}
const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

const BUNDLED = ['uplot'];

/** The dependencies in a package.json and their dependencies, in the versions that Node finds here. */
async function findInstalled(
  folder: string,
  additional: string[] = [],
  found = new Set<string>(),
): Promise<Set<string>> {
  const { dependencies = {} } = await readJson<Package>(join(folder, 'package.json'));
  for (const name of [...Object.keys(dependencies), ...additional]) {
    const paths = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
    const at = paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
    const { version } = await readJson<Package>(join(at ?? name, 'package.json'));
    if (found.has(`${name}@${version}`)) continue;
    found.add(`${name}@${version}`);
    await findInstalled(at as string, [], found);
  }
  return found;
}

const sbom = shared(writeSbom, 60_000);

it('the SBOM lists exactly the packages that are needed at run time or bundled, in the installed versions', async () => {
  const main = sbom();
  const listed = main.components.map(({ name, version }) => `${name}@${version}`);
  const needed = await findInstalled(root);
  const bundled = listed.filter((name) => !needed.has(name));
  expect(listed.sort()).toEqual([...needed, ...bundled].sort());
  const possible = await findInstalled(root, BUNDLED);
  expect(bundled.filter((name) => !possible.has(name))).toEqual([]);
  expect(bundled.map((name) => name.slice(0, name.lastIndexOf('@')))).toEqual(expect.arrayContaining(BUNDLED));
  expect(await readFile(join(root, 'dist/page/server/page-files.js'), 'utf8')).toContain('Leon Sorokin');
});

it('the SBOM conforms to CycloneDX 1.5: references are unique, and each refers to a component', async () => {
  const main = sbom();
  expect([main.bomFormat, main.specVersion, main.version]).toEqual(['CycloneDX', '1.5', 1]);
  expect(main.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const all = [main.metadata.component, ...main.components];
  const refs = all.map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  for (const { type, name, version } of all)
    expect([type, typeof name, typeof version]).toEqual(['library', 'string', 'string']);
  expect(main.dependencies.map(({ ref }) => ref).sort()).toEqual(refs.sort());
  for (const { dependsOn = [] } of main.dependencies) {
    for (const ref of dependsOn) expect(refs).toContain(ref);
  }
});

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
}
interface Sbom {
  bomFormat: string;
  specVersion: string;
  version: number;
  serialNumber: string;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** Runs the script of `npm run sbom`. */
async function writeSbom(): Promise<Sbom> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-sbom-test-'));
  try {
    const file = join(folder, 'sbom.cdx.json');
    await promisify(execFile)(process.execPath, [join(root, 'scripts/sbom.mjs'), file]);
    return await readJson<Sbom>(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
