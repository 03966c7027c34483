// Writes sbom.cdx.json, or the file in its argument: the packages that are installed with this package, as CycloneDX. It
// runs `npm sbom` on a lock file without development dependencies. With them, npm would leave out packages that a
// development dependency needs too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { npmCommand } from './npm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const {
  devDependencies,
  peerDependencies: _,
  peerDependenciesMeta: __,
  scripts: ___,
  ...shipped
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** These are bundled into the live page, so they are shipped within this package. */
const BUNDLED = ['uplot'];
for (const name of BUNDLED) shipped.dependencies[name] = devDependencies[name];

/** The bundled packages and those of their dependencies whose code is in a bundle. */
async function bundledPackages() {
  const { metafile } = await build({
    stdin: { contents: BUNDLED.map((name) => `export * from '${name}'`).join('\n'), resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const packages = Object.keys(metafile.inputs).map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return new Set(packages.filter(Boolean));
}

/** Removes components that are neither installed nor bundled. */
function keepShipped({ components, dependencies, ...rest }, inBundles) {
  const needs = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const isBundled = new Set(components.filter(({ name }) => inBundles.has(name)).map((each) => each['bom-ref']));
  const refs = new Set(isBundled).add(rest.metadata.component['bom-ref']);
  const add = (ref) => {
    if (isBundled.has(ref)) return;
    refs.add(ref);
    for (const other of needs.get(ref) ?? []) if (!refs.has(other)) add(other);
  };
  add(rest.metadata.component['bom-ref']);
  return {
    ...rest,
    components: components.filter((each) => refs.has(each['bom-ref'])),
    dependencies: [...needs]
      .filter(([ref]) => refs.has(ref))
      .map(([ref, dependsOn]) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'apm-sbom-'));
try {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(shipped));
  copyFileSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
  const [file, ...first] = npmCommand();
  const npm = (...args) =>
    execFileSync(file, [...first, ...args], {
      cwd: folder,
      encoding: 'utf8',
      shell: file === 'npm' && process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund');
  const all = npm('sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'library');
  const sbom = keepShipped(JSON.parse(all), await bundledPackages());
  // npm uses the name of the folder.
  sbom.metadata.component.name = shipped.name;
  writeFileSync(process.argv[2] ?? join(root, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
  console.error(`sbom.cdx.json: ${sbom.components.length} packages`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
