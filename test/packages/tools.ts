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

export const SOCKET_IO: PackageSet = {
  title: 'socket.io',
  packages: { '@hapi/hapi': '21.4.10', '@koa/router': '15.7.0', koa: '3.3.0', 'socket.io': '4.8.4' },
};

export const PM2: PackageSet = { title: 'pm2', packages: { pm2: '7.0.4' } };

/** A later minor version of OpenTelemetry's API than this package's own. */
export const NEWER_API: PackageSet = { title: 'opentelemetry-api-1.10', packages: { '@opentelemetry/api': '1.10.0' } };

/** Routes of version 3 are counted by the shape of their paths; `apm.handler` answers in it. */
export const FASTIFY_3: PackageSet = { title: 'fastify-3', packages: { fastify: '3.29.5' } };

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

export const TOOLS: readonly PackageSet[] = [
  TRACERS,
  SENTRY_10,
  SENTRY_11,
  SOCKET_IO,
  PM2,
  NEWER_API,
  FASTIFY_3,
  FRAMEWORK_TYPES,
];
