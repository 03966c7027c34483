import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AppOptions, launch } from './support/app.ts';
import { installNodes, node, UNSUPPORTED_NODES } from './support/nodes.ts';
import { placePackage } from './support/packed.ts';
import { root } from './support/root.ts';
import { atEnd, shared } from './support/shared.ts';

const folder = shared(async () => {
  await installNodes(UNSUPPORTED_NODES);
  const made = await mkdtemp(join(tmpdir(), 'apm-unsupported-'));
  atEnd(() => rm(made, { recursive: true, force: true }));
  await cp(join(root, 'test/apps/unsupported'), made, { recursive: true });
  await placePackage(made);
  return made;
}, 300_000);

async function outcome(version: string, file: string, options: AppOptions) {
  const app = launch(join(folder(), file), { node: node(version), cwd: folder(), flags: [], ...options });
  const { code, signal } = await app.exit;
  return { code, signal, stdout: app.stdout, stderr: app.stderr };
}

const lineOn = (version: string) =>
  `[@org/apm] this process is not measured, because its Node ${version} is not supported; use Node 20.19 or later of line 20, or Node 22.12 or later\n`;

const PRELOADS: Readonly<Record<string, AppOptions>> = {
  '--require': { flags: ['--require', '@org/apm/register'] },
  'NODE_OPTIONS with --require': { env: { NODE_OPTIONS: '--require @org/apm/register' } },
  '--import': { flags: ['--import', '@org/apm/register'] },
  'NODE_OPTIONS with --import': { env: { NODE_OPTIONS: '--import @org/apm/register' } },
};

describe.each(UNSUPPORTED_NODES)('on Node %s, which is not supported', (version) => {
  // Node 16 has no --import.
  const preloads = Object.entries(PRELOADS).filter(([how]) => !version.startsWith('16.') || !how.endsWith('--import'));

  it.each(preloads)('the app runs as without the preload, and one line says why: %s', async (_, options) => {
    const without = await outcome(version, 'app.cjs', {});
    expect(without).toEqual({ code: 3, signal: null, stdout: 'hello\nthread\n', stderr: '' });
    expect(await outcome(version, 'app.cjs', options)).toEqual({ ...without, stderr: lineOn(version) });
  });

  it('setupApm measures nothing, each member of its result works, and one line says why', async () => {
    expect(await outcome(version, 'setup.mjs', {})).toEqual({
      code: 3,
      signal: null,
      stdout: "200  undefined [] true { name: 'unknown_service:node', version: null }\n",
      stderr: lineOn(version),
    });
  });
});

it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_LOG_LEVEL: 'none' }])('logs nothing with %j', async (env) => {
  const [version] = UNSUPPORTED_NODES;
  const { code, stderr } = await outcome(version, 'app.cjs', { ...PRELOADS['--require'], env });
  expect([code, stderr]).toEqual([3, '']);
});
