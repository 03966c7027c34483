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

export const SOCKET_IO: PackageSet = {
  title: 'socket.io',
  packages: { '@hapi/hapi': '21.4.10', '@koa/router': '15.7.0', koa: '3.3.0', 'socket.io': '4.8.4' },
};

export const PM2: PackageSet = { title: 'pm2', packages: { pm2: '7.0.4' } };

/** A later minor version of OpenTelemetry's API than this package's own. */
export const NEWER_API: PackageSet = { title: 'opentelemetry-api-1.10', packages: { '@opentelemetry/api': '1.10.0' } };

export const TOOLS: readonly PackageSet[] = [TRACERS, SOCKET_IO, PM2, NEWER_API];
