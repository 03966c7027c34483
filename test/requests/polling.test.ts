import { describe, expect, it } from 'vitest';
import { launch, startApp } from '../support/app.ts';
import { NODE_VERSIONS, type NodeVersion, OLDEST_NODE } from '../support/nodes.ts';
import { waitForOutcome } from '../support/outcome.ts';
import { copySocketIoApp } from './socket-io.ts';

const NEWEST_NODE = NODE_VERSIONS.at(-1) as NodeVersion;
const CASES: readonly [framework: string, major: string, version: NodeVersion][] = [
  ['http', '', NEWEST_NODE],
  ['express', '', OLDEST_NODE],
  ['fastify', '', NEWEST_NODE],
  ['http', '-2', OLDEST_NODE],
  ['express', '-2', NEWEST_NODE],
];

describe("socket.io's polls are counted and not timed; its first request and what clients send are timed", () => {
  it.each(CASES)('%s with socket.io%s on Node %s', async (framework, major, version) => {
    const args = [framework, `socket.io${major}`];
    const app = await startApp(...(await copySocketIoApp('polling.mjs', version, args)));
    const [file, options] = await copySocketIoApp('client.mjs', version, [app.url(), `socket.io-client${major}`]);
    const client = launch(file, { ...options, flags: [] });
    await client.exit;
    expect(client).toMatchObject({ stdout: 'one\ntwo\n', stderr: '' });
    if (framework !== 'http') await (await fetch(app.url('/hello/ann'))).text();
    const { requests, durations } = await waitForOutcome(app, 5);
    // How many polls and posts there are depends on the moments at which messages come together.
    expect(durations).toEqual({
      'GET /socket.io': 1,
      'POST /socket.io': requests['POST /socket.io 200'],
      ...(framework !== 'http' && { 'GET /hello/:name': 1 }),
    });
    expect(requests['GET /socket.io 200']).toBeGreaterThan(2);
  });
});
