import type { Framework, Row } from '../framework.ts';

const nest = (version: string, fastify = version) => ({
  packages: {
    '@nestjs/common': version,
    '@nestjs/core': version,
    '@nestjs/platform-express': version,
    '@nestjs/platform-fastify': fastify,
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
  },
});
const json = { headers: { 'content-type': 'application/json' } };
/** Wildcards have names in the path syntax of Express 5. */
const namedWildcard = '/api/files/*rest';
const before = (answer: string) => ({ headers: { 'x-before': answer } });
const stopHeader = { headers: { 'x-stop': 'yes' } };

export default {
  name: 'Nest',
  versions: {
    '10 on Express': nest('10.4.22'),
    '10 on Fastify': nest('10.4.22'),
    '11 on Express': nest('11.2.10', '11.2.8'),
    '11 on Fastify': nest('11.2.10', '11.2.8'),
    '12 on Express': nest('12.5.1', '12.5.0'),
    '12 on Fastify': nest('12.5.1', '12.5.0'),
  },
  // Optional packages, which Nest loads only when they are used.
  bundle: {
    format: 'esm',
    external: [
      '@nestjs/microservices',
      '@nestjs/microservices/*',
      '@nestjs/websockets',
      '@nestjs/websockets/*',
      'class-transformer',
      'class-transformer/*',
      'class-validator',
      '@fastify/multipart',
      '@fastify/static',
      '@fastify/view',
    ],
  },
  tsconfig: { experimentalDecorators: true },
  requests: [
    ['GET /api', 200, '/api'],
    ['GET /health', 200, '/health'],
    ['GET /api/health', 404, 'unmatched'],
    ['GET /api/one', 200, '/api/one'],
    ['GET /api/two/x', 200, '/api/two/:x'],
    ['GET /api/cats', 200, '/api/cats'],
    ['GET /api/cats?limit=5', 200, '/api/cats'],
    ['GET /api/cats/tom', 200, '/api/cats/:id'],
    ['HEAD /api/cats/tom', 200, '/api/cats/:id'],
    ['DELETE /api/cats/tom', 204, '/api/cats/:id'],
    ['PUT /api/cats/tom', 404, 'unmatched'],
    ['PUT /api/cats/tom/any', 200, '/api/cats/:id/any'],
    ['GET /api/cats/whole/5', 200, '/api/cats/whole/:id'],
    ['GET /api/cats/moved/5', 302, '/api/cats/moved/:id'],
    ['GET /api/cats/streamed/5', 200, '/api/cats/streamed/:id'],
    ['GET /api/cats/by-hand/5', 202, '/api/cats/by-hand/:id'],
    ['POST /api/cats', 201, '/api/cats', { ...json, body: '{"name":"tom"}' }],
    ['GET /api/cats/wrapped/tom', 200, '/api/cats/wrapped/:id'],
    ['GET /api/cats/guarded/tom', 200, '/api/cats/guarded/:id'],

    // Guards, interceptors, pipes and middleware answer before the handler, or the handler fails.
    ['GET /api/cats/guarded/nobody', 401, '/api/cats/guarded/:id'],
    ['GET /api/cats/guarded/other', 403, '/api/cats/guarded/:id'],
    ['GET /api/cats/wrapped/early', 429, '/api/cats/wrapped/:id'],
    ['GET /api/cats/whole/none', 400, '/api/cats/whole/:id'],
    ['POST /api/cats', 400, '/api/cats', { ...json, body: '{}' }],
    ['GET /api/cats/teapots/5', 418, '/api/cats/teapots/:id'],
    ['GET /api/cats/gone/5', 404, '/api/cats/gone/:id'],
    ['GET /api/cats/fails/5', 500, '/api/cats/fails/:id'],
    ['GET /api/cats/tom', 403, '/api/cats/:id', stopHeader],

    // Middleware answers before the routes.
    ...['fails', '503', '301', '429', '401', '304'].map(
      (answer): Row => [
        'GET /api/cats/tom',
        answer === 'fails' ? 500 : Number(answer),
        '/api/cats/:id',
        before(answer),
      ],
    ),
    ['HEAD /api/cats/guarded/tom', 429, '/api/cats/guarded/:id', before('429')],
    ['POST /api/cats', 401, '/api/cats', before('401')],
    ['GET /health', 503, '/health', before('503')],
    ['GET /api/v1/dogs/rex', 503, '/api/v1/dogs/:id', before('503')],
    ['GET /api/zoo/berlin/birds/emu/eggs/5', 503, '/api/zoo/:zoo/birds/:bird/eggs/:egg', before('503')],
    // Nest 12 gives its middleware on Express a wildcard route of its own.
    ['GET /api/v3/dogs/rex', 503, { '12 on Express': '/api*path', else: 'unmatched' }, before('503')],

    // The path contains the version or the path of a module.
    ['GET /api/v1/dogs/rex', 200, '/api/v1/dogs/:id'],
    ['GET /api/v2/dogs/rex', 200, '/api/v2/dogs/:id'],
    ['GET /api/v3/dogs/rex', 404, 'unmatched'],
    ['GET /api/zoo/berlin/birds/emu', 200, '/api/zoo/:zoo/birds/:bird'],
    ['GET /api/zoo/berlin/birds/emu/eggs/5', 200, '/api/zoo/:zoo/birds/:bird/eggs/:egg'],

    [
      'GET /api/files/a/b',
      200,
      { '11 on Express': namedWildcard, '12 on Express': namedWildcard, else: '/api/files/*' },
    ],
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /wp-login.php', 404, 'unmatched'],
  ],
} satisfies Framework;
