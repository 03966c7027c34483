import type { Agent, AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../../config/variables.ts';

export interface PushAgents {
  create(protocol: string): Promise<Agent>;
  /** Whether these request options carry one of these agents: so a push knows its own calls from the app's. */
  isOwn(options: object): boolean;
}

/**
 * Agents for pushes: with the configured certificates, and with sockets that keep no process alive.
 * @param timeout milliseconds; also of connecting, which a request's own timeout does not cover
 */
export function pushAgents(config: Config, timeout: number): PushAgents {
  const own = new WeakSet<object>();
  const tls = {
    ca: config.otlpMetricsCertificate ?? config.otlpCertificate,
    key: config.otlpMetricsClientKey ?? config.otlpClientKey,
    cert: config.otlpMetricsClientCertificate ?? config.otlpClientCertificate,
  };
  return {
    async create(protocol) {
      const module = protocol === 'https:' ? await import('node:https') : await import('node:http');
      const agent = unreference(
        new module.Agent({ keepAlive: true, timeout, ...(protocol === 'https:' && tls) } as AgentOptions),
      );
      own.add(agent);
      return agent;
    },
    isOwn(options) {
      const { agent } = options as { agent?: unknown };
      return typeof agent === 'object' && agent !== null && own.has(agent);
    },
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
