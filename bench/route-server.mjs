// Servers with routes, and the proof that each request was counted under its own.
import { createRequire } from 'node:module';
import { Child, file } from './children.mjs';
import { assertCounted, scrape } from './scrape.mjs';
import { bare, flags, ours } from './variants.mjs';

const { targets } = createRequire(import.meta.url)('./app/routes.js');

/** One that listens and, where there is something to load, has loaded it. */
export async function startRouted(variant, name) {
  const server = new Child([...flags(variant), file('app/route-server.js'), name], variant.env);
  await server.until(() => server.port);
  if (variant.preload !== bare.preload) {
    server.metricsUrl = await server.until(() => /metrics at (\S+)/.exec(server.stderr)?.[1]);
  }
  return server;
}

/** Fails unless every request was counted and, with adapters, each route as often as it was requested. */
export async function assertRoutes(variant, server, requests) {
  await assertCounted(server, requests);
  if (variant !== ours) return;
  const expected = {};
  for (let i = 0; i < requests; i++) {
    const { route } = targets[i % targets.length];
    expected[route] = (expected[route] ?? 0) + 1;
  }
  const { text } = await scrape(server.metricsUrl);
  const found = Object.fromEntries(
    Array.from(text.matchAll(/^http_requests_total\{path="(.*?)",.*\} (\d+)$/gm), ([, path, count]) => [path, +count]),
  );
  for (const route of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (found[route] === expected[route]) continue;
    throw new Error(`${route}: ${found[route]} requests counted of ${expected[route]}: ${server.process.spawnargs}`);
  }
}
