/**
 * What the preload does in every process: a few channel subscriptions, until the process serves HTTP. npm, compilers and
 * scripts that inherit it through NODE_OPTIONS pay a few milliseconds, open no port and log nothing. Everything else is
 * loaded when it is needed, synchronously: the first request must already be measured.
 */

import type { RunningApm } from './apm.ts';
import { lazy } from './base/lazy.ts';
import { watchMssqlPools } from './calls/databases/mssql-pools.ts';
import { hasOwnSdk, isSdkInjected, readAppPackage } from './config/app-package.ts';
import { watchServing } from './requests/serving.ts';
import { watchFastifyCreated } from './route/frameworks/fastify/instances.ts';

const runtime = lazy<typeof import('./runtime.ts')>(() => require('./runtime.js'));
const frameworks = lazy<typeof import('./config/frameworks.ts')>(() => require('./config/frameworks.js'));
const fastify = lazy<typeof import('./route/frameworks/fastify/index.ts')>(() =>
  require('./route/frameworks/fastify/index.js'),
);

function guarded(run: () => void): void {
  try {
    run();
  } catch (cause) {
    console.error('[@org/apm] failed to start; the application runs without metrics:', cause);
  }
}

(globalThis as Record<symbol, unknown>)[Symbol.for('@org/apm preloaded')] = true;

/** The instance of this process. The first server or request starts it. */
function runningApm(): RunningApm {
  const { running, start } = runtime();
  return running() ?? start();
}

const stop = watchServing({
  serverListens: (server) => guarded(() => runningApm().serverListens(server)),
  requestArrives: (message) => guarded(() => runningApm().requestArrives(message)),
});

// Apps connect to their databases before they listen.
guarded(watchMssqlPools);

// Fastify's hooks must be added before the app's own, and an app is created long before it listens.
watchFastifyCreated((message) =>
  guarded(() => {
    const { frameworksIn, isEnabled } = frameworks();
    if (isEnabled('fastify', frameworksIn(process.env))) fastify().hookFastify(message);
  }),
);

// Instruments that are created before there is a MeterProvider stay no-ops forever, so such an app gets one now.
guarded(() => {
  const app = readAppPackage();
  if (app?.dependencies?.['@opentelemetry/api'] === undefined || hasOwnSdk(app) || isSdkInjected()) return;
  stop();
  runtime().start().load();
});
