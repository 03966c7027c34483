import { SERVER_ADDRESS, SERVER_PORT } from '../../semconv.ts';
import type { CallTarget } from '../call-record.ts';
import { hostLabel } from '../host-label.ts';
import { type DatabaseSystem, DEFAULT_PORTS } from './system.ts';

/** An app with a database for each tenant may have any number. Then the targets are created again, which only costs time. */
const MAX_SERVERS = 1000;

/** The targets of one operation each, on one server. */
class Server {
  readonly host: string;
  readonly details: string | undefined;
  readonly targets = new Map<string, CallTarget>();

  constructor(host: string, details: string | undefined) {
    this.host = host;
    this.details = details;
  }
}

/** The targets of a driver's calls. Each is created once, so that a call costs no text. */
export class DatabaseTargets {
  readonly #system: DatabaseSystem;
  readonly #withDetails: boolean;
  readonly #servers = new Map<unknown, Map<unknown, Server>>();
  #serverCount = 0;
  /** Most apps have one server, and two comparisons are faster than two look-ups. */
  #last: { address: unknown; port: unknown; server: Server } | undefined;

  constructor(system: DatabaseSystem, withDetails: boolean) {
    this.#system = system;
    this.#withDetails = withDetails;
  }

  /**
   * @param address   a name, an IP address or the path of a socket, as the driver tells it
   * @param port      undefined for the default of the system, and for sockets
   * @param operation from a known list
   */
  find(address: string | undefined, port: number | string | undefined, operation: string): CallTarget {
    const last = this.#last;
    const isSame = last !== undefined && last.address === address && last.port === port;
    const server = isSame ? last.server : this.#findServer(address, port);
    const known = server.targets.get(operation);
    if (known !== undefined) return known;
    const { host, details } = server;
    const target: CallTarget = { kind: 'database', system: this.#system, host, operation, details };
    server.targets.set(operation, target);
    return target;
  }

  #findServer(address: string | undefined, port: number | string | undefined): Server {
    const server = this.#servers.get(address)?.get(port) ?? this.#addServer(address, port);
    this.#last = { address, port, server };
    return server;
  }

  #addServer(address: string | undefined, port: number | string | undefined): Server {
    if (this.#serverCount === MAX_SERVERS) {
      this.#servers.clear();
      this.#serverCount = 0;
    }
    this.#serverCount += 1;
    const server = this.#createServer(address, port);
    const ofAddress = this.#servers.get(address);
    if (ofAddress) ofAddress.set(port, server);
    else this.#servers.set(address, new Map([[port, server]]));
    return server;
  }

  #createServer(address: string | undefined, port: number | string | undefined): Server {
    const defaultPort = DEFAULT_PORTS[this.#system];
    const isSocket = address !== undefined && /^[/\0@]/.test(address);
    const number = isSocket ? undefined : Number(port || defaultPort);
    const details = { [SERVER_ADDRESS]: address?.replace(/^\0/, '@'), [SERVER_PORT]: number };
    const hasDetails = this.#withDetails && address !== undefined;
    return new Server(hostLabel(address, number, defaultPort), hasDetails ? JSON.stringify(details) : undefined);
  }
}
