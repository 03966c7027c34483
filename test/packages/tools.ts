import type { PackageSet } from './package-set.ts';

/** Tracers that run in one process with this package. */
export const TRACERS: PackageSet = {
  title: 'tracers with API 1.9',
  packages: {
    'dd-trace': '5.132.0',
    '@opentelemetry/auto-instrumentations-node': '0.81.2',
    '@opentelemetry/api': '1.9.1',
  },
};

export const SENTRY_10: PackageSet = { title: 'sentry-10', packages: { '@sentry/node': '10.78.0' } };
export const SENTRY_11: PackageSet = { title: 'sentry-11', packages: { '@sentry/node': '11.12.0' } };

/** Servers that other code passes connections to, and connections that are held open. */
export const SOCKET_IO: PackageSet = {
  title: 'socket.io',
  packages: {
    '@hapi/hapi': '21.4.10',
    '@httptoolkit/httpolyglot': '3.1.0',
    '@koa/router': '15.7.0',
    '@socket.io/sticky': '2.0.1',
    '@socket.io/sticky-1': 'npm:@socket.io/sticky@1.0.4',
    express: '5.3.0',
    fastify: '5.12.8',
    koa: '3.3.0',
    'socket.io': '4.8.4',
    'socket.io-2': 'npm:socket.io@2.5.1',
    'socket.io-client': '4.8.4',
    'socket.io-client-2': 'npm:socket.io-client@2.5.0',
  },
};

/** What removes the start of a URL before Express gets the request. */
export const EXPRESS_BELOW: PackageSet = {
  title: 'what Express runs below',
  packages: {
    '@fastify/express': '4.0.7',
    '@fastify/middie': '9.3.6',
    connect: '3.7.0',
    express: '5.3.0',
    'express-4': 'npm:express@4.22.3',
    fastify: '5.12.8',
    polka: '0.5.2',
  },
};

/** With socket.io, as in a generated app. */
export const ADONIS: PackageSet = { title: 'adonisjs-6', packages: { '@adonisjs/core': '6.19.0' } };
export const SAILS: PackageSet = { title: 'sails', packages: { sails: '1.5.18', 'sails-hook-sockets': '3.0.2' } };

export const GRPC: PackageSet = {
  title: 'gRPC',
  packages: {
    '@bufbuild/protobuf': '2.17.0',
    '@connectrpc/connect': '2.3.0',
    '@connectrpc/connect-node': '2.3.0',
    '@grpc/grpc-js': '1.14.7',
    '@grpc/grpc-js-1.9': 'npm:@grpc/grpc-js@1.9.0',
    'nice-grpc': '2.1.18',
  },
};

/** Clients of HTTP: each major version of undici, and what is built on Node's `http`, and a proxy. */
export const HTTP_CLIENTS: PackageSet = {
  title: 'HTTP clients',
  packages: {
    '@grpc/grpc-js': '1.14.7',
    agentkeepalive: '4.6.0',
    axios: '1.21.1',
    'got-11': 'npm:got@11.8.6',
    'got-14': 'npm:got@14.6.6',
    'http-proxy': '1.18.1',
    'https-proxy-agent-5': 'npm:https-proxy-agent@5.0.1',
    'https-proxy-agent-7': 'npm:https-proxy-agent@7.0.6',
    'node-fetch-2': 'npm:node-fetch@2.7.0',
    'node-fetch-3': 'npm:node-fetch@3.3.2',
    superagent: '10.4.2',
    'undici-5': 'npm:undici@5.29.0',
    'undici-6': 'npm:undici@6.29.1',
    'undici-7': 'npm:undici@7.30.2',
    'undici-8': 'npm:undici@8.13.1',
    ws: '8.23.0',
  },
};

export const PM2: PackageSet = { title: 'pm2', packages: { pm2: '7.0.4' } };

/** Its database is compiled by node-gyp. The packages of React are what its admin panel needs. */
export const STRAPI: PackageSet = {
  title: 'strapi-5',
  packages: {
    '@strapi/plugin-users-permissions': '5.54.0',
    '@strapi/strapi': '5.54.0',
    'better-sqlite3': '12.11.1',
    'node-gyp': '12.4.0',
    react: '18.3.1',
    'react-dom': '18.3.1',
    'react-router-dom': '6.30.6',
    'styled-components': '6.6.0',
  },
};

/** A later minor version of OpenTelemetry's API than this package's own. */
export const NEWER_API: PackageSet = { title: 'opentelemetry-api-1.10', packages: { '@opentelemetry/api': '1.10.0' } };

/** Frameworks that pass requests to Hono. */
export const HONO_IN_OTHERS: PackageSet = {
  title: 'Hono in others',
  packages: { '@hono/node-server': '2.1.8', express: '5.3.0', fastify: '5.12.8', hono: '4.13.19' },
};

/** A framework whose routes cannot be seen: `apm doctor` names it. */
export const RESTANA: PackageSet = { title: 'restana', packages: { restana: '5.2.0' } };

/** RPC behind one route of a framework. */
export const RPC: PackageSet = {
  title: 'RPC',
  packages: {
    '@hono/node-server': '2.1.8',
    '@orpc/server': '1.16.1',
    '@trpc/server': '11.25.2',
    '@trpc/server-10': 'npm:@trpc/server@10.45.2',
    express: '5.3.0',
    fastify: '5.12.8',
    hono: '4.13.19',
    typescript: '5.9.3',
  },
};

/** Types of the frameworks that have none of their own. */
export const FRAMEWORK_TYPES: PackageSet = {
  title: 'types of frameworks',
  packages: {
    '@types/connect': '3.4.38',
    '@types/express': '5.0.6',
    '@types/koa': '3.0.3',
    '@types/node': '24.19.4',
    '@types/polka': '0.5.8',
    '@types/react': '19.3.3',
    '@types/restify': '8.5.12',
  },
};

/** Drivers of databases and caches that publish their calls: the newest, and the oldest that does. */
export const DATABASE_DRIVERS: PackageSet = {
  title: 'database drivers',
  packages: {
    '@redis/client': '6.3.1',
    '@redis/client-5': 'npm:@redis/client@5.12.0',
    ioredis: '6.0.0',
    'ioredis-5': 'npm:ioredis@5.11.0',
    mongodb: '7.9.0',
    'mongodb-5': 'npm:mongodb@5.9.2',
    'mongodb-6': 'npm:mongodb@6.22.0',
    'mongodb-6.0': 'npm:mongodb@6.0.0',
    mongoose: '9.12.1',
    mssql: '12.7.14',
    mysql2: '3.24.6',
    'mysql2-3.20': 'npm:mysql2@3.20.0',
    pg: '8.23.1',
    'pg-8.0': 'npm:pg@8.0.3',
    'pg-cursor': '2.22.1',
    'pg-query-stream': '4.17.0',
    postgres: '3.4.9',
    'postgres-3.0': 'npm:postgres@3.0.0',
  },
};

/** What apps use instead of a driver, which it calls. */
export const OBJECT_MAPPERS: PackageSet = {
  title: 'object mappers',
  packages: {
    '@prisma/adapter-pg': '7.10.0',
    '@prisma/client': '7.10.0',
    'drizzle-orm': '0.45.4',
    knex: '3.3.0',
    pg: '8.23.1',
    postgres: '3.4.9',
    prisma: '7.10.0',
    sequelize: '6.37.8',
    typeorm: '1.1.1',
  },
};

/** Bundlers, and the framework of the app that they bundle. */
export const BUNDLERS: PackageSet = {
  title: 'bundlers',
  packages: {
    webpack: '5.113.0',
    rollup: '4.68.8',
    '@rollup/plugin-node-resolve': '16.0.3',
    '@rollup/plugin-commonjs': '29.0.3',
    '@rollup/plugin-json': '6.1.0',
    vite: '8.3.8',
    '@vercel/ncc': '0.45.0',
    esbuild: '0.28.2',
    express: '5.3.0',
  },
};

/** Package managers whose layout differs from npm's. */
export const PACKAGE_MANAGERS: PackageSet = {
  title: 'package managers',
  packages: { '@yarnpkg/cli-dist': '4.18.1', pnpm: '10.34.8' },
};

export const TOOLS: readonly PackageSet[] = [
  TRACERS,
  SENTRY_10,
  SENTRY_11,
  SOCKET_IO,
  EXPRESS_BELOW,
  ADONIS,
  SAILS,
  GRPC,
  HTTP_CLIENTS,
  PM2,
  STRAPI,
  NEWER_API,
  HONO_IN_OTHERS,
  RESTANA,
  RPC,
  FRAMEWORK_TYPES,
  DATABASE_DRIVERS,
  OBJECT_MAPPERS,
  BUNDLERS,
  PACKAGE_MANAGERS,
];
