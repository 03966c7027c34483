import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { root } from '../../support/root.ts';

/** Copies an app and the package beside all its dependencies, except the optional one for gRPC. */
export async function copyWithoutGrpc(file: string): Promise<{ app: string; register: string }> {
  const copy = await mkdtemp(join(tmpdir(), 'apm-without-grpc-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
  await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  const scope = 'node_modules/@opentelemetry';
  await mkdir(join(copy, scope), { recursive: true });
  for (const name of await readdir(join(root, scope))) {
    if (!name.endsWith('-grpc')) await symlink(join(root, scope, name), join(copy, scope, name));
  }
  const app = join(copy, 'app.mjs');
  await cp(join(root, file), app);
  return { app, register: pathToFileURL(join(copy, 'dist/register.js')).href };
}
