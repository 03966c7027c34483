import { describe, expect, it } from 'vitest';
import { labels, samples } from '../support/exposition.ts';
import { NODE_VERSIONS } from '../support/nodes.ts';
import { waitForRequests } from '../support/outcome.ts';
import { type Service, serve } from '../support/serve.ts';
import { http, Wire } from '../support/wire.ts';

const [version] = NODE_VERSIONS;

/** Answers with the status that the query names. */
const handler: NonNullable<Service['handler']> = (request, response) => {
  response.statusCode = Number(/[?&]status=(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
  response.end();
};

/** Sends requests with exactly these targets, one after another: a client library would normalise them. */
async function ask(port: number, ...targets: string[]): Promise<void> {
  const wire = await Wire.open(port);
  wire.send(...targets.map((target) => http(`${target === '*' ? 'OPTIONS' : 'GET'} ${target}`)));
  await wire.waitForData((received) => received.split('HTTP/1.1 ').length > targets.length);
  wire.close();
}

describe('the path labels of a server without a router', () => {
  it('are templates, whatever the form of the request target', async () => {
    const app = await serve(version, { handler });
    await ask(
      app.port,
      '/',
      '/?a=1',
      '/users/42',
      '/users/43?token=s3cret',
      '//users//44/',
      'http://shop.example/users/45',
    );
    await ask(
      app.port,
      'http://shop.example',
      'https://shop.example:8443?token=s3cret',
      '/users/me%40example.org',
      '*',
    );
    expect(await waitForRequests(app, 10)).toEqual({
      'GET / 200': 4,
      'GET /users/:id 200': 5,
      'OPTIONS unmatched 200': 1,
    });
  });

  it('contain no query, no value and no path that does not exist', async () => {
    const app = await serve(version, { handler });
    const targets = [
      '/search?q=s3cret',
      '/search;session=s3cret?q=s3cret',
      '/reset/s3cret%2Ftoken',
      '/s3cret?status=404',
      '/s3cret/login.php?status=403',
      '/people/s3cret@example.org?status=500',
      '/a?b=/s3cret/c',
    ];
    await ask(app.port, ...targets);
    await waitForRequests(app, targets.length);
    const text = await app.scrape();
    expect(text).not.toContain('s3cret');
    expect(new Set(Object.keys(samples(text)).flatMap((sample) => labels(sample).path ?? []))).toEqual(
      new Set(['/search', '/:id', '/reset/:id', 'unmatched', '/people/:id', '/a']),
    );
  });

  it('appear with a response that shows that the path exists, and stay when the path fails later', async () => {
    const app = await serve(version, { handler });
    await ask(app.port, ...[404, 401, 429, 200, 404, 429, 500].map((status) => `/login?status=${status}`));
    await ask(app.port, '/moved?status=301', '/broken?status=503');
    expect(await waitForRequests(app, 9)).toEqual({
      'GET unmatched 404': 1,
      'GET unmatched 401': 1,
      'GET unmatched 429': 1,
      'GET /login 200': 1,
      'GET /login 404': 1,
      'GET /login 429': 1,
      'GET /login 500': 1,
      'GET /moved 301': 1,
      'GET /broken 503': 1,
    });
  });

  it('are the templates of APM_ROUTES where one matches', async () => {
    const env = { APM_ROUTES: '/users/:name,/files/*,/v1/:kind/latest' };
    const app = await serve(version, { handler, env });
    await ask(
      app.port,
      '/users/ann',
      '/users/42?status=404',
      '/files/a/b/c.txt',
      '/files',
      '/v1/news/latest',
      '/v1/news/7',
    );
    expect(await waitForRequests(app, 6)).toEqual({
      'GET /users/:name 200': 1,
      'GET /users/:name 404': 1,
      'GET /files/* 200': 1,
      'GET /files 200': 1,
      'GET /v1/:kind/latest 200': 1,
      'GET /v1/news/:id 200': 1,
    });
  });

  it('are one * for all siblings after the first 50', async () => {
    const app = await serve(version, { handler });
    const names = Array.from({ length: 60 }, (_, i) => `post-${'abcdefghij'[i % 10]}${'klmnop'[Math.floor(i / 10)]}`);
    await ask(app.port, ...names.map((name) => `/blog/${name}`));
    const kept = names.slice(0, 50).map((name) => [`GET /blog/${name} 200`, 1]);
    expect(await waitForRequests(app, 60)).toEqual({ ...Object.fromEntries(kept), 'GET /blog/* 200': 10 });
  });

  it('are other once there are APM_MAX_PATHS of them, with method and status kept and one warning', async () => {
    const app = await serve(version, { handler, env: { APM_MAX_PATHS: '2' } });
    await ask(app.port, '/a', '/b', '/c', '/d?status=500', '/d?status=404', '/a?status=500', '/c');
    expect(await waitForRequests(app, 7)).toEqual({
      'GET /a 200': 1,
      'GET /b 200': 1,
      'GET other 200': 2,
      'GET other 500': 1,
      'GET unmatched 404': 1,
      'GET /a 500': 1,
    });
    expect(app.stderr.match(/distinct guessed paths reached/g)).toEqual(['distinct guessed paths reached']);
  });
});
