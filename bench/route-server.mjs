// Servers with routes, and the check that each request was counted under its route.
import { createRequire } from 'node:module';
import { Child, file } from './children.mjs';
import { assertCounted, scrape } from './scrape.mjs';
import { bare, nodeFlagsOf, ours } from './variants.mjs';

const { targets } = createRequire(import.meta.url)('./app/routes.js');

/**
 * Starts a server with routes, and waits until it listens and the variant serves its metrics.
 * @param node the binary of another version of Node
 */
export async function startRouteServer(variant, name, node) {
  const args = ['--expose-gc', ...nodeFlagsOf(variant), file('app/route-server.js'), name];
  const server = new Child(args, variant.env, node);
  await server.until(() => server.port);
  if (variant.preload !== bare.preload) {
    server.metricsUrl = await server.until(() => /metrics at (\S+)/.exec(server.stderr)?.[1]);
  }
  return server;
}

/** Throws unless every request was counted and, with adapters, was counted under its route. */
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
    throw new Error(
      `${route}: expected ${expected[route]} requests, got ${found[route]}: ${server.process.spawnargs.join(' ')}`,
    );
  }
}
