// Writes sbom.cdx.json, or the file it is given: what is installed with this package, as CycloneDX, by `npm sbom`. From a
// lock file of what is shipped alone, because npm leaves out what a development dependency needs as well.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const {
  devDependencies,
  peerDependencies: _,
  peerDependenciesMeta: __,
  scripts: ___,
  ...shipped
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// Bundled into the live page, so shipped with this package itself.
shipped.dependencies.uplot = devDependencies.uplot;
const folder = mkdtempSync(join(tmpdir(), 'apm-sbom-'));
try {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(shipped));
  copyFileSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
  const npm = (...args) =>
    execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund');
  const sbom = JSON.parse(npm('sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'));
  // npm takes the name of the folder.
  sbom.metadata.component.name = shipped.name;
  writeFileSync(process.argv[2] ?? join(root, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
  console.error(`sbom.cdx.json: ${sbom.components.length} packages`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
