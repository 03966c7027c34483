// Ours without framework adapters: paths come from the heuristic. Like the preload it starts when a server listens, so
// that the adapters are the only difference.
import { createRequire } from 'node:module';
import { watchListening } from '../../dist/requests/serving.js';

const require = createRequire(import.meta.url);

const stop = watchListening((server) => {
  stop();
  const { loadConfig } = require('../../dist/config/load.js');
  const { measure } = require('../../dist/measure.js');
  measure(loadConfig(), 'preload', []).serverListens(server);
});
