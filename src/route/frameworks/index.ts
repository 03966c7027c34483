import type { RouteAdapter } from '../adapter.ts';
import { connect } from './connect.ts';
import { express } from './express/index.ts';
import { fastify } from './fastify/index.ts';
import { h3 } from './h3/index.ts';
import { hapi } from './hapi.ts';
import { hono } from './hono/index.ts';
import { koa } from './koa.ts';
import { next } from './next.ts';
import { polka } from './polka/index.ts';
import { restify } from './restify.ts';

/** The frameworks whose routes are found, in the order they are asked. */
export const ADAPTERS: readonly RouteAdapter[] = [express, fastify, koa, hapi, hono, h3, next, restify, polka, connect];
