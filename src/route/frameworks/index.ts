import type { RouteAdapter } from '../adapter.ts';
import { astro, reactRouter, remix, svelteKit } from './built/index.ts';
import { connect } from './connect.ts';
import { express } from './express/index.ts';
import { fastify } from './fastify/index.ts';
import { feathers } from './feathers.ts';
import { h3 } from './h3/index.ts';
import { hapi } from './hapi.ts';
import { hono } from './hono/index.ts';
import { koa } from './koa/index.ts';
import { next } from './next/index.ts';
import { polka } from './polka/index.ts';
import { restify } from './restify.ts';
import { trpc } from './trpc/index.ts';

export { expectCalls } from './trpc/index.ts';

/** By their names in `APM_FRAMEWORKS`, in the order in which they are asked. */
const ADAPTERS = {
  express,
  fastify,
  koa,
  hapi,
  hono,
  h3,
  next,
  restify,
  polka,
  connect,
  feathers,
  trpc,
  'react-router': reactRouter,
  remix,
  sveltekit: svelteKit,
  astro,
} as const;

export type AdapterName = keyof typeof ADAPTERS;

export function adaptersFor(isEnabled: (name: AdapterName) => boolean): readonly RouteAdapter[] {
  const names = Object.keys(ADAPTERS) as AdapterName[];
  return names.filter(isEnabled).map((name) => ADAPTERS[name]);
}
