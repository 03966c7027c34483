/**
 * The preload: `node --import @org/apm/register app.js`. Until the process serves HTTP it is two channel subscriptions;
 * npm, compilers and scripts that inherit it through NODE_OPTIONS pay a few milliseconds, open no port and say nothing.
 */
import { appPackage, hasOwnSdk } from './config/app-package.ts';
import { watchListening } from './requests/listen.ts';
import { watchFastifyCreated } from './route/frameworks/fastify/instances.ts';

// Taken so, here and in the files it imports: the imports of the same cost each process two milliseconds more.
const { createRequire } = process.getBuiltinModule('node:module');

/** Everything else, loaded when it is needed and at once: the first request must already be seen. */
const load = (): typeof import('./runtime.ts') => createRequire(import.meta.url)('./runtime.js');

function guarded(run: () => void): void {
  try {
    run();
  } catch (cause) {
    console.error('[@org/apm] could not start; the app runs on unmeasured:', cause);
  }
}

(globalThis as Record<symbol, unknown>)[Symbol.for('@org/apm preloaded')] = true;

const stop = watchListening((server) => {
  stop();
  guarded(() => {
    const { running, start } = load();
    (running() ?? start()).serverListens(server);
  });
});

// Fastify's hooks must be there before the app's own, and an app is made long before it listens.
watchFastifyCreated((message) => {
  guarded(() => {
    const require = createRequire(import.meta.url);
    const { frameworksIn, isEnabled }: typeof import('./config/frameworks.ts') = require('./config/frameworks.js');
    if (!isEnabled('fastify', frameworksIn(process.env))) return;
    const adapter: typeof import('./route/frameworks/fastify/index.ts') = require('./route/frameworks/fastify/index.js');
    adapter.hookFastify(message);
  });
});

// Instruments an app creates before there is a MeterProvider stay no-ops for good, so such an app gets one now.
guarded(() => {
  const app = appPackage();
  if (app?.dependencies?.['@opentelemetry/api'] === undefined || hasOwnSdk(app)) return;
  stop();
  load().start().load();
});
