import { getOrAdd } from '../base/get-or-add.ts';
import { SERVER_ADDRESS, SERVER_PORT, URL_SCHEME } from '../semconv.ts';
import type { CallTarget } from './call-record.ts';
import { hostLabel } from './host-label.ts';

/**
 * Where a server is called.
 * @property address a name, an IP address without brackets, or the path of a Unix domain socket
 * @property port    undefined for a Unix domain socket, and where it is not known
 */
export interface ServerLocation {
  readonly scheme: string | undefined;
  readonly address: string;
  readonly port: number | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** An app may call any number of hosts, such as those of its users. Beyond this number the targets are made anew. */
const MAX_TARGETS = 1_000;

/** The targets of HTTP calls, one object for each server and method: a call costs two look-ups and no text. */
export class HttpTargets {
  readonly #locate: (server: string) => ServerLocation;
  readonly #withDetails: boolean;
  readonly #byMethod = new Map<string, Map<string, CallTarget>>();
  #size = 0;

  /** @param locate reads what a source knows of a server, such as an origin */
  constructor(withDetails: boolean, locate: (server: string) => ServerLocation) {
    this.#withDetails = withDetails;
    this.#locate = locate;
  }

  find(server: string, method: string): CallTarget {
    const found = this.#byMethod.get(method)?.get(server);
    return found ?? this.#add(server, method);
  }

  #add(server: string, method: string): CallTarget {
    if (++this.#size > MAX_TARGETS) {
      this.#byMethod.clear();
      this.#size = 1;
    }
    const location = this.#locate(server);
    const target: CallTarget = {
      kind: 'http',
      system: 'http',
      host: hostLabel(location.address, location.port, defaultPort(location.scheme)),
      operation: method,
      details: this.#withDetails ? detailsOf(location) : undefined,
    };
    getOrAdd(this.#byMethod, method, () => new Map<string, CallTarget>()).set(server, target);
    return target;
  }
}

const AUTHORITY = /^(.*?)(?::(\d*))?$/s;

/** Where `host`, `host:port`, `[address]` or `[address]:port` is, under a scheme such as `https:`. */
export function locateAuthority(protocol: string, authority: string): ServerLocation {
  const scheme = protocol.replace(/:$/, '');
  const [, host = '', port] = AUTHORITY.exec(authority) ?? [];
  return { scheme, address: withoutBrackets(host), port: port ? Number(port) : defaultPort(scheme) };
}

/** Where an origin is, such as `https://[::1]:8443`. */
export function locateOrigin(origin: string): ServerLocation {
  const { protocol, host } = new URL(origin);
  return locateAuthority(protocol, host);
}

/** As the conventions say: a Unix domain socket is an address without a port. An abstract one begins with a zero byte. */
export const locateSocket = (path: string): ServerLocation => ({
  scheme: undefined,
  address: path.replace(/^\0/, '@'),
  port: undefined,
});

const defaultPort = (scheme = ''): number | undefined => DEFAULT_PORTS[scheme];

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

function detailsOf({ scheme, address, port }: ServerLocation): string {
  // JSON has no undefined properties.
  return JSON.stringify({
    [SERVER_ADDRESS]: address,
    [SERVER_PORT]: port,
    [URL_SCHEME]: scheme,
  });
}
