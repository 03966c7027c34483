import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { metricsAt, startApp } from '../../support/app.ts';
import { requests, until } from '../../support/exposition.ts';
import { freePort } from '../../support/free-port.ts';
import { buildStandalone } from './build.ts';
import next from './table.ts';

test.each([
  ['Turbopack', []],
  ['webpack', ['--webpack']],
])(
  'Next.js 16 with %s: instrumentation.js calls setupApm, and the standalone server is measured in another folder',
  async (_, args) => {
    const folder = await buildStandalone(next, '16', args);
    const [port, metricsPort] = [await freePort(), await freePort()];
    const app = await startApp(join(folder, 'server.js'), {
      cwd: folder,
      flags: [],
      ready: /- Local: +http:\/\/[^:]+:(\d+)/,
      env: { NODE_ENV: 'production', HOSTNAME: '127.0.0.1', PORT: port, METRICS_PORT: metricsPort },
    });
    const metrics = await app.metricsUrl();
    for (const id of [1, 2]) expect(await (await fetch(app.url(`/items/${id}`))).text()).toContain(`<p>${id}</p>`);
    const counted = { 'GET /items/[id] 200': 2 };
    const scrape = async () => requests(await (await fetch(metrics)).text());
    expect(await until(scrape, (found) => isDeepStrictEqual(found, counted))).toEqual(counted);
    expect((await fetch(new URL('/page/page.js', metrics))).status).toBe(200);
    expect(app.stderr).toBe(`[@org/apm] ${metricsAt(metrics)}\n`);
  },
  600_000,
);
