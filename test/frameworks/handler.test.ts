import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { get } from '../expose/get.ts';
import type { PackageSet } from '../packages/package-set.ts';
import { requests, until } from '../support/exposition.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, type NodeVersion } from '../support/nodes.ts';
import connect from './connect/table.ts';
import express from './express/table.ts';
import fastify from './fastify/table.ts';
import { type Framework, packageSetOf } from './framework.ts';
import h3 from './h3/table.ts';
import { answered, exampleOf, startExample } from './handler-example.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import koa from './koa/table.ts';
import nest from './nest/table.ts';
import polka from './polka/table.ts';
import restify from './restify/table.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * An example of docs/handler.md with one version of its framework.
 * @property replace  changes for this version, or so that the route takes every method
 * @property route    the `path` of /users/1; `/users/:id` by default
 * @property on       the oldest Node by default
 */
interface Example {
  readonly heading: string;
  readonly packages: PackageSet;
  readonly replace?: readonly (readonly [string, string])[];
  readonly route?: string;
  readonly on?: NodeVersion;
}

const sets = (framework: Framework, versions = Object.keys(framework.versions)) =>
  versions.map((version) => packageSetOf(framework, version));
const examples = (heading: string, packages: readonly PackageSet[], rest: Partial<Example> = {}): Example[] =>
  packages.map((each) => ({ heading, packages: each, ...rest }));

const NEWEST = NODE_VERSIONS.at(-1) as NodeVersion;
const all = [["get('/metrics'", "all('/metrics'"]] as const;
const [onExpress, onFastify] = ['Express', 'Fastify'].map((platform) =>
  Object.keys(nest.versions).filter((version) => version.endsWith(platform)),
);
const [koa2, koa3] = ['2', '3'].map((major) => Object.keys(koa.versions).filter((each) => each.startsWith(major)));
const FASTIFY_ADAPTER = [
  ["from '@nestjs/core';", "from '@nestjs/core'; import { FastifyAdapter } from '@nestjs/platform-fastify';"],
  ['create(AppModule)', 'create(AppModule, new FastifyAdapter())'],
] as const;
const allInNest = [
  ["@Get('metrics')", "@All('metrics')"],
  ['Controller, Get', 'All, Controller, Get'],
] as const;

const EXAMPLES: readonly Example[] = [
  ...examples('node:http', sets(connect)),
  ...examples('Express', sets(express), { replace: all }),
  ...examples('connect', sets(connect), { route: '/users' }),
  ...examples('Polka', sets(polka), { replace: all }),
  ...examples('restify', sets(restify)),
  ...examples('Fastify', sets(fastify, ['3']), {
    replace: [...all, ['Fastify()', 'Fastify({ exposeHeadRoutes: true })']],
  }),
  ...examples('Fastify', sets(fastify, ['4.0', '4']), { replace: all }),
  ...examples('Fastify', sets(fastify, ['5']), { replace: all, on: NEWEST }),
  ...examples('Koa', sets(koa, koa2), { replace: all }),
  ...examples('Koa', sets(koa, koa3), { replace: all, on: NEWEST }),
  ...examples('Hono', sets(hono, ['4.4 with node-server 1', '4.12 with node-server 1']), { replace: all }),
  ...examples('Hono', sets(hono, ['4 with node-server 2']), { replace: all, on: NEWEST }),
  ...examples('hapi', sets(hapi), {
    replace: [["'GET', path: '/metrics'", "'*', path: '/metrics'"]],
    route: '/users/{id}',
  }),
  ...examples('Nest', sets(nest, onExpress), { replace: allInNest }),
  ...examples('Nest', sets(nest, onFastify), { replace: [...allInNest, ...FASTIFY_ADAPTER] }),
  ...examples('h3 1', sets(h3, ['1']), { replace: [["get('/metrics'", "use('/metrics'"]] }),
  ...examples('h3 2', sets(h3, ['2']), { replace: all, on: NEWEST }),
];

describe('apm.handler as the handler of a route', () => {
  it.each(EXAMPLES.map((each) => [`${each.heading}: ${each.packages.title}`, each] as const))(
    '%s',
    async (_, { heading, packages, replace = [], route = '/users/:id', on }) => {
      let code = await exampleOf(heading);
      for (const [from, to] of replace) {
        expect(code).toContain(from);
        code = code.replace(from, to);
      }
      const { app, url } = await startExample(
        code,
        packages,
        {
          APM_AUTH_TOKEN: 'token',
          NODE_NO_WARNINGS: '1',
        },
        on,
      );
      expect(await answered(app, url('/users/1'))).toMatchObject({ status: 200 });
      // As Prometheus sends them.
      const headers = { Authorization: 'Bearer token', 'X-Prometheus-Scrape-Timeout-Seconds': '10' };

      const refused = await get(url('/metrics'));
      expect([refused.status, refused.headers['www-authenticate'], refused.text]).toEqual([
        401,
        'Bearer realm="@org/apm"',
        'A bearer token is needed.\n',
      ]);
      const { status, headers: sent, text } = await get(url('/metrics'), { headers });
      expect([status, sent['content-type']]).toEqual([200, CONTENT_TYPE]);
      expect(requests(text)).toEqual({ [`GET ${route} 200`]: 1 });
      expect(text).toContain('\nhttp_active_requests{method="GET"} 0\n');

      const packed = await get(url('/metrics'), { headers: { ...headers, 'Accept-Encoding': 'gzip' } });
      expect(packed.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(packed.body).toString()).toBe(text);
      if (heading !== 'restify') {
        const head = await get(url('/metrics'), { headers, method: 'HEAD' });
        expect([head.status, head.headers['content-type'], head.text]).toEqual([200, CONTENT_TYPE, '']);
        const post = await get(url('/metrics'), { headers, method: 'POST' });
        expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD']);
      }

      const shutDown = new Promise((resolve) => app.child.once('message', resolve));
      app.child.send('shut down');
      await shutDown;
      const after = await get(url('/metrics'), { headers });
      expect([after.status, after.text]).toEqual([503, 'Measuring has been shut down.\n']);
      expect(app.child.exitCode).toBe(null);
      expect(app.stderr).toBe('');
    },
  );

  it('node:http2', async () => {
    const { app, url } = await startExample(await exampleOf('node:http2'), packageSetOf(connect, '3'));
    const session = await until(
      () => openSession(url('/')).catch(() => undefined),
      (opened) => opened !== undefined,
    );
    if (session === undefined) throw new Error(app.stderr);
    await ask(session, { ':path': '/users/1' });
    for (let scrape = 1; scrape <= 2; scrape++) {
      const { status, body } = await ask(session, { ':path': '/metrics' });
      expect(status).toBe(200);
      expect(requests(body)).toEqual({ 'GET /users/:id 200': 1 });
      expect(body).toContain('\nhttp_active_requests{method="GET"} 0\n');
    }
    expect(app.stderr).toBe('');
  });
});
