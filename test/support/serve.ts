import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders, SecureServerOptions, ServerHttp2Stream } from 'node:http2';
import { type App, type AppOptions, launch, startApp } from './app.ts';
import { type NodeVersion, node } from './nodes.ts';

export interface Service {
  /** Its `request` listener. Runs in the app's process as it is written here: it sees nothing of the test. */
  handler?: (request: IncomingMessage, response: ServerResponse) => unknown;
  /** Its `stream` listener, where it speaks HTTP/2; likewise. */
  stream?: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => unknown;
  /** Whatever else is to be done to the server before it listens; likewise. */
  setUp?: (server: Server) => unknown;
  kind?: 'http' | 'https' | 'http2' | 'http2s';
  options?: ServerOptions | SecureServerOptions;
  env?: Record<string, string>;
}

type LaunchOptions = Pick<AppOptions, 'flags'>;

function app(version: NodeVersion, service: Service, how: LaunchOptions): [string, AppOptions] {
  const { kind = 'http', options = {}, handler, stream, setUp, env } = service;
  const functions = [handler, stream, setUp].map((given) => (given ? String(given) : ''));
  const args = [kind, JSON.stringify(options), ...functions];
  return ['test/apps/requests/serve.mjs', { node: node(version), args, ...(env && { env }), ...how }];
}

/** Starts a server as a process of its own under the preload. */
export const serve = (version: NodeVersion, service: Service): Promise<App> => startApp(...app(version, service, {}));

/** As `serve`, for servers that end. */
export const launchServer = (version: NodeVersion, service: Service, how: LaunchOptions = {}): App =>
  launch(...app(version, service, how));
