import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../../support/root.ts';

/**
 * Creates a folder with the layout of /app in the demo's image. Its node_modules link to this repository and to its
 * packages, because test/package.test.ts installs the real tarball.
 */
export async function createAppFolder(): Promise<string> {
  const app = await mkdtemp(join(tmpdir(), 'apm-app-'));
  onTestFinished(() => rm(app, { recursive: true }));
  await cp(join(root, 'demo'), app, { recursive: true });
  await mkdir(join(app, 'node_modules/@org'), { recursive: true });
  await symlink(root, join(app, 'node_modules/@org/apm'), 'junction');
  await symlink(join(root, 'node_modules/express'), join(app, 'node_modules/express'), 'junction');
  return app;
}
