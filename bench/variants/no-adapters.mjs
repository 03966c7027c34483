// Ours without any framework's adapter: paths come from the heuristic. It starts as the preload starts ours, when a
// server listens, so that the two differ by the adapters alone.
import { createRequire } from 'node:module';
import { watchListening } from '../../dist/requests/listen.js';

const require = createRequire(import.meta.url);

const stop = watchListening((server) => {
  stop();
  const { loadConfig } = require('../../dist/config/load.js');
  const { measure } = require('../../dist/measure.js');
  measure(loadConfig(), 'preload', []).serverListens(server);
});
