import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { GRPC } from '../packages/tools.ts';
import { launch, startApp } from '../support/app.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, type NodeVersion, node, OLDEST_NODE } from '../support/nodes.ts';
import { waitForOutcome } from '../support/outcome.ts';
import { root } from '../support/root.ts';
import { shared } from '../support/shared.ts';

const NEWEST_NODE = NODE_VERSIONS.at(-1) as NodeVersion;
/** A stream that the server ends after this time. */
const FOLLOW_MS = 6_000;

const SERVERS: readonly [title: string, file: string, args: string[], version: NodeVersion][] = [
  ...NODE_VERSIONS.map((version): (typeof SERVERS)[number] => [
    '@grpc/grpc-js 1.14',
    'server.mjs',
    ['@grpc/grpc-js'],
    version,
  ]),
  ['@grpc/grpc-js 1.9', 'server.mjs', ['@grpc/grpc-js-1.9'], OLDEST_NODE],
  ['nice-grpc', 'nice-server.mjs', [], NEWEST_NODE],
  ['connect-node', 'connect-server.mjs', [], OLDEST_NODE],
];

/** The folder of the apps, beside their packages. */
async function installApps(): Promise<string> {
  const folder = join(await installPackages(GRPC), 'apps');
  await mkdir(folder, { recursive: true });
  const source = join(root, 'test/apps/grpc');
  for (const file of await readdir(source)) await copyFile(join(source, file), join(folder, file));
  return folder;
}

async function runCalls([, file, args, version]: (typeof SERVERS)[number]) {
  const folder = await installApps();
  const server = await startApp(join(folder, file), { node: node(version), cwd: folder, args });
  const client = launch(join(folder, 'client.mjs'), {
    flags: [],
    cwd: folder,
    args: [String(server.port), String(FOLLOW_MS)],
  });
  await client.exit;
  expect(client.stderr).toBe('');
  return { server, answers: JSON.parse(client.stdout), outcome: await waitForOutcome(server, 83) };
}

describe('gRPC calls are counted by their method, with the HTTP status of their gRPC status, by', () => {
  // All at once, because each waits for streams.
  const run = shared(() => Promise.all(SERVERS.map(runCalls)), 60_000);

  it.each(SERVERS.map(([title, , , version], i) => [title, version, i] as const))('%s on Node %s', (title, _, i) => {
    const { answers, outcome } = run()[i] as Awaited<ReturnType<typeof runCalls>>;
    expect(answers).toEqual({
      order: 'order 17',
      refused: Array.from({ length: 16 }, (_, code) => code + 1),
      invented: Array(60).fill(12),
      list: ['a', 'b', 'c'],
      chat: ['hello'],
      cancelled: 1,
      followed: ['begun'],
      left: ['begun', 1],
      watched: ['SERVING', 1],
    });
    expect(outcome).toEqual({
      requests: {
        'POST /shop.v1.Shop2/GetV2Order 200': 1,
        'POST /shop.v1.Shop2/Refuse 400': 3,
        'POST /shop.v1.Shop2/Refuse 401': 1,
        'POST /shop.v1.Shop2/Refuse 403': 1,
        'POST /shop.v1.Shop2/Refuse 404': 1,
        'POST /shop.v1.Shop2/Refuse 409': 2,
        'POST /shop.v1.Shop2/Refuse 429': 1,
        'POST /shop.v1.Shop2/Refuse 499': 1,
        'POST /shop.v1.Shop2/Refuse 500': 3,
        'POST /shop.v1.Shop2/Refuse 503': 1,
        'POST /shop.v1.Shop2/Refuse 504': 1,
        // connect-node answers the calls of methods that it does not have with a 404 of HTTP.
        ...(title === 'connect-node'
          ? { 'POST unmatched 501': 1, 'POST unmatched 404': 60 }
          : { 'POST unmatched 501': 61 }),
        'POST /shop.v1.Shop2/List 200': 1,
        'POST /shop.v1.Shop2/Chat 200': 1,
        'POST /shop.v1.Shop2/Follow 200': 1,
        'POST /shop.v1.Shop2/Follow 499': 1,
        'POST /grpc.health.v1.Health/Watch 499': 1,
        'POST unmatched 499': 1,
      },
      // Streams that stayed open have no duration, whether the server ended them or the client left.
      durations: {
        'POST /shop.v1.Shop2/GetV2Order': 1,
        'POST /shop.v1.Shop2/Refuse': 15,
        'POST /shop.v1.Shop2/List': 1,
        'POST /shop.v1.Shop2/Chat': 1,
        'POST unmatched': 62,
      },
    });
  });

  it('and a call whose deadline the server keeps is 504', async () => {
    const folder = await installApps();
    const server = await startApp(join(folder, 'server.mjs'), { cwd: folder, args: ['@grpc/grpc-js'] });
    const client = await openSession(server.url());
    const message = '\0\0\0\0\x03\x0a\x01x';
    const headers = { ':method': 'POST', ':path': '/shop.v1.Shop2/Hang', te: 'trailers', 'grpc-timeout': '100m' };
    await ask(client, { ...headers, 'content-type': 'application/grpc' }, message);
    expect(await waitForOutcome(server, 1)).toEqual({
      requests: { 'POST /shop.v1.Shop2/Hang 504': 1 },
      durations: { 'POST /shop.v1.Shop2/Hang': 1 },
    });
  });
});
