import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import { answers, watchPrototype } from '../contract.ts';
import { type Framework, type Row, rowsOf } from '../framework.ts';
import { build, nextBuild } from './build.ts';
import next, { behindExpress, custom } from './table.ts';

const framework: Framework = next;
const [OLDEST, ...NEWER] = NODE_VERSIONS;
const local = /- Local: +http:\/\/[^:]+:(\d+)/;

interface Way {
  readonly file: string;
  readonly args?: string[];
  /** What the app prints with its port, where it is not the app that prints it. */
  readonly ready?: RegExp;
  readonly rows: readonly Row[];
}

/** The ways a built app is served. */
const WAYS: Record<string, Way> = {
  'next start': {
    file: 'node_modules/next/dist/bin/next',
    args: ['start', '--port', '0'],
    ready: local,
    rows: next.requests,
  },
  'the standalone server': { file: '.next/standalone/server.js', ready: local, rows: next.requests },
  'a server of its own': { file: 'custom.js', rows: custom },
  'behind Express': { file: 'behind-express.js', rows: behindExpress },
};

Object.keys(framework.versions).forEach((version, index) => {
  describe(`Next.js ${version}: every request is counted by its route`, () => {
    const client = new Client();
    let folder: string;
    beforeAll(async () => {
      folder = await build(framework, version);
    }, 600_000);
    afterAll(() => client.close());

    const runs = async (way: Way, on: NodeVersion) => {
      const app = await serve(folder, way, on);
      await answers(app, client, rowsOf({ ...framework, requests: way.rows }, version));
      return app;
    };

    for (const [name, way] of Object.entries(WAYS)) {
      test(name, async () => {
        const app = await runs(way, OLDEST);
        const service = (await app.scrape()).split('\n').filter((line) => line.startsWith('target_info'));
        expect(service).toEqual([expect.stringContaining(`service_name="contract-next.js-${version}"`)]);
      });
    }
    NEWER.forEach((each, shift) => {
      const [name, way] = Object.entries(WAYS)[(index + shift) % 4] as [string, Way];
      test(`${name} on Node ${each}`, async () => {
        await runs(way, each);
      });
    });
  });
});

async function serve(folder: string, { file, args = [], ready }: Way, on: NodeVersion): Promise<App> {
  return startApp(join(folder, file), {
    node: node(on),
    cwd: folder,
    flags: ['--import', watchPrototype, '--import', register],
    args,
    ...(ready && { ready }),
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', PORT: await freePort() },
  });
}

test('next build under the preload ends and hears nothing from us', async () => {
  const folder = await build(framework, '16');
  const { stdout, stderr } = await nextBuild(folder, '.next-again');
  expect(stdout).toContain('/items/[id]');
  expect(stdout + stderr).not.toContain('@org/apm');
}, 600_000);
