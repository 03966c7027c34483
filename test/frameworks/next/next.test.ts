import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get } from '../../expose/get.ts';
import { type App, register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { requests } from '../../support/exposition.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import { expectContract, watchPrototype } from '../contract.ts';
import { type Framework, type Row, rowsOf } from '../framework.ts';
import { buildApp, buildBasedApp, runNextBuild } from './build.ts';
import next, { based, behindExpress, custom } from './table.ts';

const framework: Framework = next;
const [OLDEST, ...NEWER] = NODE_VERSIONS;
const local = /- Local: +http:\/\/[^:]+:(\d+)/;

interface ServeMode {
  readonly file: string;
  readonly args?: string[];
  /** Next's output that contains the port, if the app does not print the port itself. */
  readonly ready?: RegExp;
  readonly rows: readonly Row[];
}

/** The ways to serve a built app. */
const SERVE_MODES: Record<string, ServeMode> = {
  'next start': {
    file: 'node_modules/next/dist/bin/next',
    args: ['start', '--port', '0'],
    ready: local,
    rows: next.requests,
  },
  'the standalone server': { file: '.next/standalone/server.js', ready: local, rows: next.requests },
  'a custom server': { file: 'custom.js', rows: custom },
  'behind Express': { file: 'behind-express.js', rows: behindExpress },
};

const BASED: ServeMode = {
  file: '../node_modules/next/dist/bin/next',
  args: ['start', '--port', '0'],
  ready: local,
  rows: based,
};

Object.keys(framework.versions).forEach((version, index) => {
  describe(`Next.js ${version}: every request is counted by its route`, () => {
    const client = new Client();
    let folder: string;
    beforeAll(async () => {
      folder = await buildApp(framework, version);
    }, 600_000);
    afterAll(() => client.close());

    const runs = async (mode: ServeMode, on: NodeVersion) => {
      const app = await serve(folder, mode, on);
      await expectContract(app, client, rowsOf({ ...framework, requests: mode.rows }, version));
      return app;
    };

    for (const [name, mode] of Object.entries(SERVE_MODES)) {
      test(name, async () => {
        const app = await runs(mode, OLDEST);
        const service = (await app.scrape()).split('\n').filter((line) => line.startsWith('target_info'));
        expect(service).toEqual([expect.stringContaining(`service_name="contract-next.js-${version}"`)]);
      });
    }
    test('apm.handler answers in a route handler and in an API route, and does not count itself', async () => {
      const app = await serve(folder, SERVE_MODES['next start'] as ServeMode, OLDEST, { APM_AUTH_TOKEN: 'token' });
      expect((await get(app.url('/api/users/1'))).status).toBe(200);
      const headers = { Authorization: 'Bearer token' };
      for (const path of ['/metrics', '/api/metrics', '/metrics?name=up', '/api/metrics']) {
        expect((await get(app.url(path))).status).toBe(401);
        const { status, headers: sent, text } = await get(app.url(path), { headers });
        expect([status, sent['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
        expect(requests(text)).toEqual({ 'GET /api/users/[id] 200': 1 });
        expect(text).toContain('\nhttp_active_requests{method="GET"} 0\n');
        const head = await get(app.url(path), { headers, method: 'HEAD' });
        expect([head.status, head.text]).toEqual([200, '']);
      }
      expect((await get(app.url('/api/metrics'), { headers, method: 'POST' })).status).toBe(405);
    });
    NEWER.forEach((each, shift) => {
      const [name, mode] = Object.entries(SERVE_MODES)[(index + shift) % 4] as [string, ServeMode];
      test(`${name} on Node ${each}`, async () => {
        await runs(mode, each);
      });
    });
  });
});

test.each(['14', '16'])(
  'Next.js %s with basePath, locales and trailing slashes',
  async (version) => {
    const client = new Client();
    const folder = await buildBasedApp(framework, version);
    const app = await serve(folder, BASED, OLDEST);
    try {
      await expectContract(app, client, rowsOf({ ...framework, requests: based }, version));
    } finally {
      client.close();
    }
  },
  600_000,
);

async function serve(
  folder: string,
  { file, args = [], ready }: ServeMode,
  on: NodeVersion,
  env: Record<string, string> = {},
): Promise<App> {
  return startApp(join(folder, file), {
    node: node(on),
    cwd: folder,
    flags: ['--import', watchPrototype, '--import', register],
    args,
    ...(ready && { ready }),
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', PORT: await freePort(), ...env },
  });
}

test('next build ends under the preload, and we log nothing', async () => {
  const folder = await buildApp(framework, '16');
  const { stdout, stderr } = await runNextBuild(folder, '.next-again');
  expect(stdout).toContain('/items/[id]');
  expect(stdout + stderr).not.toContain('@org/apm');
}, 600_000);
