import type { Agent, AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { loadBuiltin } from '../../base/builtin.ts';
import { lazy } from '../../base/lazy.ts';
import type { PushProxy } from '../../config/proxy.ts';
import type { Config } from '../../config/variables.ts';

export interface PushAgents {
  create(protocol: string): Promise<Agent>;
  /** Whether a request with these options uses one of these agents. Such a request is a push, not a call of the app. */
  isOwn(options: object): boolean;
}

/** Loaded only where there is a proxy. */
const proxyAgents = lazy<typeof import('./proxy-agents.ts')>(() => require('./proxy-agents.js'));

/**
 * Agents for pushes: with the configured certificates, and with sockets that do not keep the process alive.
 * @param timeoutMs also limits connecting, which the timeout of a request does not
 * @param proxy     undefined where pushes go to the receiver directly
 */
export function createPushAgents(config: Config, timeoutMs: number, proxy: PushProxy | undefined): PushAgents {
  const created = new WeakSet<object>();
  const tls = tlsOptions(config);
  return {
    async create(protocol) {
      const options = { keepAlive: true, timeout: timeoutMs, ...(protocol === 'https:' && tls) } as AgentOptions;
      const agent = unreference(
        proxy === undefined
          ? createDirectAgent(protocol, options)
          : proxyAgents().createProxyAgent(proxy.url, protocol, options),
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

function createDirectAgent(protocol: string, options: AgentOptions): Agent {
  return protocol === 'https:'
    ? new (loadBuiltin<typeof import('node:https')>('node:https').Agent)(options)
    : new (loadBuiltin<typeof import('node:http')>('node:http').Agent)(options);
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
  createConnection(
    options: unknown,
    connected: (error: Error | null, socket?: Unrefable) => void,
  ): Unrefable | undefined;
  reuseSocket(socket: Unrefable, request: unknown): void;
};
type Unrefable = Duplex & { unref?(): void };

function unreference(agent: Agent): Agent {
  const { createConnection, reuseSocket } = agent as Internals;
  return Object.assign(agent, {
    createConnection(options: unknown, connected?: (error: Error | null, socket?: Unrefable) => void) {
      const socket: Unrefable | undefined = createConnection.call(agent, options, (error: Error | null, later) => {
        later?.unref?.();
        connected?.(error, later);
      });
      socket?.unref?.();
      return socket;
    },
    reuseSocket(socket: Unrefable, request: unknown) {
      reuseSocket.call(agent, socket, request);
      socket.unref?.();
    },
  });
}
