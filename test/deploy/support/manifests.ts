import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from '../../support/root.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, which the tests check against their schemas.
export type Manifest = any;

const KUBERNETES = join(root, 'deploy/kubernetes');

/** All files of deploy/kubernetes that contain objects for the cluster. */
export const FILES = readdirSync(KUBERNETES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
  .sort();

export function readManifests(file: string): Manifest[] {
  return parseObjects(readFileSync(join(KUBERNETES, file), 'utf8'));
}

/** Parses the objects of a file, which `---` separates. */
function parseObjects(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** The only object of a kind. @param name needed if there are several */
export function findOnly(all: Manifest[], kind: string, name?: string): Manifest {
  const found = all.filter((object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name);
  if (found.length !== 1) throw new Error(`${found.length} objects are a ${kind}${name ? ` ${name}` : ''}`);
  return found[0];
}

/** The container of a Deployment or StatefulSet. */
export function containerOf(workload: Manifest): Manifest {
  return workload.spec.template.spec.containers[0];
}
