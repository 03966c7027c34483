import type { Attributes } from '@opentelemetry/api';
import { OTHER, SERVER_ADDRESS, SERVER_PORT, URL_SCHEME } from '../../semconv.ts';

/** What Node's `http.request` reads of its options to find the server. */
export interface CallOptions {
  readonly protocol?: string | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly defaultPort?: number | string | undefined;
  readonly socketPath?: string | undefined;
  readonly agent?: unknown;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * The server that a call with these options reaches, as attributes, read as Node reads them. Upstream's instrumentation
 * does not tell the scheme, takes a Unix domain socket for `localhost`, and `{ host: '::1' }` too.
 */
export function targetOfOptions(options: CallOptions): Attributes {
  const { protocol, hostname, host, port, defaultPort, socketPath } = options;
  // As the conventions say: a Unix domain socket is an address without a port.
  if (socketPath) return { [SERVER_ADDRESS]: socketPath.replace(/^\0/, '@'), [SERVER_PORT]: undefined };
  const agent = (options.agent ?? {}) as { protocol?: string; defaultPort?: number };
  const scheme = (protocol ?? agent.protocol ?? 'http:').replace(/:$/, '');
  return {
    [SERVER_ADDRESS]: (hostname || host || 'localhost').replace(/^\[|\]$/g, ''),
    [SERVER_PORT]: Number(port || defaultPort || agent.defaultPort || DEFAULT_PORTS[scheme]),
    [URL_SCHEME]: scheme,
  };
}

/** The label `host`: the address, with the port unless that is the default of the scheme. */
export function hostLabel({
  [SERVER_ADDRESS]: address = OTHER,
  [SERVER_PORT]: port,
  [URL_SCHEME]: scheme = 'http',
}: Attributes): string {
  const text = String(address);
  const host = text.includes(':') && !/[/[]/.test(text) ? `[${text}]` : text;
  return port === undefined || port === DEFAULT_PORTS[String(scheme)] ? host : `${host}:${port}`;
}
