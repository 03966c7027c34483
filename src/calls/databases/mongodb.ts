import { now } from '../../base/clock.ts';
import { guard } from '../../base/guard.ts';
import type { CallRecord } from '../call-record.ts';
import type { CallSource, CallSourceOptions } from '../call-source.ts';
import { type DatabaseAddress, DatabaseCalls } from './database-calls.ts';
import { watchDriverFiles } from './driver-files.ts';
import { mongodbOperation } from './operation.ts';
import { setPatched } from './patched-drivers.ts';
import { type Method, Patches } from './patches.ts';

/** A server of the cluster, with its pool of connections. Every command of an app passes through its method `command`. */
interface Server {
  readonly description?: { readonly address?: unknown };
}

/** What `command` gets in newer versions. */
interface Operation {
  readonly commandName?: unknown;
  readonly command?: unknown;
}

/**
 * mongodb 4 and later. A call is one command that was sent, with the wait for a connection of the pool. Handshakes and the
 * driver's own monitoring do not pass here.
 */
export const mongodb: CallSource = {
  name: 'mongodb',
  watch(options) {
    const commands = new MongodbCommands(options);
    const unwatch = watchDriverFiles([
      { package: 'mongodb', path: '/lib/sdam/server.js', found: (exports) => commands.patch(exports) },
    ]);
    return () => {
      unwatch();
      commands.stop();
    };
  },
};

class MongodbCommands {
  readonly #calls: DatabaseCalls;
  readonly #patches = new Patches();
  readonly #addresses = new WeakMap<Server, DatabaseAddress>();

  constructor(options: CallSourceOptions) {
    this.#calls = new DatabaseCalls('mongodb', 'mongodb', options);
  }

  patch(exports: unknown): void {
    const { Server } = exports as { Server?: { prototype?: object } };
    const isPatched = this.#patches.add(Server?.prototype, 'command', (original, server, args) => {
      const callback: unknown = args.at(-1);
      return typeof callback === 'function'
        ? this.#callWithCallback(original, server, args, callback as Method)
        : this.#call(original, server, args);
    });
    if (isPatched) setPatched('mongodb', true);
  }

  stop(): void {
    this.#patches.restore();
    setPatched('mongodb', false);
  }

  #call(original: Method, server: Server, args: unknown[]): unknown {
    const call = this.#start(server, args);
    const answer = Reflect.apply(original, server, args) as Promise<unknown> | undefined;
    if (typeof answer?.then !== 'function') this.#calls.end(call);
    // The driver waits for the answer itself, so this does not hide a rejection from Node.
    else
      answer.then(
        () => this.#calls.end(call),
        (error) => this.#calls.end(call, error),
      );
    return answer;
  }

  /** In older versions. */
  #callWithCallback(original: Method, server: Server, args: unknown[], callback: Method): unknown {
    // With a load balancer, the driver calls the method again from within.
    if (this.#patches.has(callback)) return Reflect.apply(original, server, args);
    const call = this.#start(server, args);
    const onAnswer = this.#patches.wrap(callback, (callback, self, answer) => {
      this.#calls.end(call, answer[0]);
      return Reflect.apply(callback, self, answer);
    });
    try {
      return Reflect.apply(original, server, [...args.slice(0, -1), onAnswer]);
    } catch (error) {
      this.#calls.end(call, error);
      throw error;
    }
  }

  #start(server: Server, args: unknown[]): CallRecord | undefined {
    return guard('see the start of a call of mongodb', () => {
      const operation = mongodbOperation(commandOf(args));
      return this.#calls.start(this.#addressOf(server), operation, now());
    });
  }

  #addressOf(server: Server): DatabaseAddress {
    let address = this.#addresses.get(server);
    if (address === undefined) {
      address = parseAddress(server.description?.address);
      this.#addresses.set(server, address);
    }
    return address;
  }
}

/** The name of a command is its first key: `{ find: 'users', filter: ... }`. */
function commandOf([first, second]: unknown[]): string | undefined {
  const { commandName, command } = Object(first) as Operation;
  if (typeof commandName !== 'string') return firstKey(second);
  return commandName === 'runCommand' ? firstKey(command) : commandName;
}

function firstKey(command: unknown): string | undefined {
  for (const key in command as object) return key;
  return undefined;
}

/** @param address `localhost:27017`, `[::1]:27017` or the path of a socket */
function parseAddress(address: unknown): DatabaseAddress {
  if (typeof address !== 'string') return {};
  const [, host, port] = /^([^/]*):(\d+)$/.exec(address) ?? [];
  return { host: host ?? address, port };
}
