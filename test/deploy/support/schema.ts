import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../stack/run.ts';
import { root } from '../../support/root.ts';
import type { Manifest } from './manifests.ts';

const MODULES = join(root, 'node_modules');

/** The module with the models of an API group: each is a class with `validate`, and an interface `I...` of its fields. */
function moduleOf({ apiVersion }: Manifest): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const models = group.startsWith('monitoring.coreos.com')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
  return join(MODULES, models, group, version, 'index.js');
}

/** @throws if the schema does not allow a value, or a required value is missing */
export async function validate(manifest: Manifest): Promise<void> {
  const models = await import(moduleOf(manifest));
  const Model = models[manifest.kind];
  if (!Model) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`);
  new Model(manifest).validate();
}

/**
 * Finds names that the schema does not know. `validate` ignores them, but TypeScript refuses them in a literal.
 * @returns TypeScript's messages; empty if every name is known
 */
export async function findUnknownNames(all: Manifest[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-manifests-'));
  try {
    const lines = all.map((manifest, i) => {
      const type = `import(${JSON.stringify(moduleOf(manifest))}).I${manifest.kind}`;
      return `export const object${i}: ${type} = ${JSON.stringify(manifest)};`;
    });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'manifests.ts'), lines.join('\n'));
    const tsc = join(MODULES, 'typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022'];
    await run(process.execPath, [tsc, ...flags, '--types', '', 'manifests.ts'], { cwd: folder });
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
