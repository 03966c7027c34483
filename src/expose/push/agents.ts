import type { Agent, AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../../config/variables.ts';

export interface PushAgents {
  create(protocol: string): Promise<Agent>;
  /** Whether a request with these options uses one of these agents. Such a request is a push, not a call of the app. */
  isOwn(options: object): boolean;
}

/**
 * Agents for pushes: with the configured certificates, and with sockets that do not keep the process alive.
 * @param timeoutMs also limits connecting, which the timeout of a request does not
 */
export function createPushAgents(config: Config, timeoutMs: number): PushAgents {
  const created = new WeakSet<object>();
  const tls = tlsOptions(config);
  return {
    async create(protocol) {
      const module = protocol === 'https:' ? await import('node:https') : await import('node:http');
      const agent = unreference(
        new module.Agent({ keepAlive: true, timeout: timeoutMs, ...(protocol === 'https:' && tls) } as AgentOptions),
      );
      created.add(agent);
      return agent;
    },
    isOwn(options) {
      const { agent } = options as { agent?: unknown };
      return typeof agent === 'object' && agent !== null && created.has(agent);
    },
  };
}

/** The certificates and the key of the configuration; undefined where there is none. */
export function tlsOptions(config: Config) {
  return {
    ca: config.otlpMetricsCertificate ?? config.otlpCertificate,
    key: config.otlpMetricsClientKey ?? config.otlpClientKey,
    cert: config.otlpMetricsClientCertificate ?? config.otlpClientCertificate,
  };
}

type Internals = Agent & {
  createConnection(...args: unknown[]): Duplex | undefined;
  reuseSocket(socket: Unrefable, request: unknown): void;
};
type Unrefable = Duplex & { unref?(): void };

function unreference(agent: Agent): Agent {
  const { createConnection, reuseSocket } = agent as Internals;
  return Object.assign(agent, {
    createConnection(...args: unknown[]) {
      const socket: Unrefable | undefined = createConnection.apply(agent, args);
      socket?.unref?.();
      return socket;
    },
    reuseSocket(socket: Unrefable, request: unknown) {
      reuseSocket.call(agent, socket, request);
      socket.unref?.();
    },
  });
}
