import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders, SecureServerOptions, ServerHttp2Stream } from 'node:http2';
import { type App, type AppOptions, launch, startApp } from './app.ts';
import { type NodeVersion, node } from './nodes.ts';

export interface Service {
  /** The `request` listener. Its source text runs in the process of the app, so it cannot use variables of the test. */
  handler?: (request: IncomingMessage, response: ServerResponse) => unknown;
  /** The `stream` listener of an HTTP/2 server; also runs in the process of the app. */
  stream?: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => unknown;
  /** Prepares the server before it listens; also runs in the process of the app. */
  setUp?: (server: Server) => unknown;
  kind?: 'http' | 'https' | 'http2' | 'http2s';
  options?: ServerOptions | SecureServerOptions;
  env?: Record<string, string>;
}

type LaunchOptions = Pick<AppOptions, 'flags'>;

function launchArguments(version: NodeVersion, service: Service, options: LaunchOptions): [string, AppOptions] {
  const { kind = 'http', options: serverOptions = {}, handler, stream, setUp, env } = service;
  const functions = [handler, stream, setUp].map((listener) => (listener ? String(listener) : ''));
  const args = [kind, JSON.stringify(serverOptions), ...functions];
  return ['test/apps/requests/serve.mjs', { node: node(version), args, ...(env && { env }), ...options }];
}

/** Starts a server in a new process under the preload, and waits until it listens. */
export const serve = (version: NodeVersion, service: Service): Promise<App> =>
  startApp(...launchArguments(version, service, {}));

/** Like `serve`, but does not wait: for servers that exit by themselves. */
export const launchServer = (version: NodeVersion, service: Service, options: LaunchOptions = {}): App =>
  launch(...launchArguments(version, service, options));
