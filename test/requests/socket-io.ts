import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from '../packages/install.ts';
import { SOCKET_IO } from '../packages/tools.ts';
import type { AppOptions } from '../support/app.ts';
import { freePort } from '../support/free-port.ts';
import { type NodeVersion, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';

/** Copies an app of test/apps/socket-io beside its packages. @returns the arguments of `startApp` */
export async function copySocketIoApp(
  name: string,
  version: NodeVersion,
  args: string[] = [],
): Promise<[file: string, options: AppOptions]> {
  const folder = await installPackages(SOCKET_IO);
  const file = join(folder, name);
  await copyFile(join(root, 'test/apps/socket-io', name), file);
  // Not 0, because the processes of a cluster find each other by the port.
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()) };
  return [file, { node: node(version), cwd: folder, args, env }];
}
