import type { Agent, AgentOptions, ClientRequest, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { unescape as decoded } from 'node:querystring';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { loadBuiltin } from '../../base/builtin.ts';

const http = loadBuiltin<typeof import('node:http')>('node:http');
const https = loadBuiltin<typeof import('node:https')>('node:https');
const { connect } = loadBuiltin<typeof import('node:net')>('node:net');
const { connect: connectSecurely } = loadBuiltin<typeof import('node:tls')>('node:tls');

/**
 * Agents that connect by a proxy. Node's own proxy support exists from 22.21 and 24.5 on only, and its agents give no
 * access to the sockets, which must not keep the process alive.
 * @param proxy    the URL of the proxy, with user and password
 * @param protocol of the target
 */
export function createProxyAgent(proxy: string, protocol: string, options: AgentOptions): Agent {
  const settings = new ProxySettings(new URL(proxy), options.timeout);
  return protocol === 'https:' ? new TunnelAgent(settings, options) : new ForwardingAgent(settings, options);
}

type Connected = (error: Error | null, socket?: Duplex) => void;
type ConnectOptions = RequestOptions & { servername?: string };

class ProxySettings {
  readonly shown: string;
  readonly authorization: string | undefined;
  readonly #url: URL;
  readonly #timeoutMs: number | undefined;

  constructor(url: URL, timeoutMs: number | undefined) {
    const [user, password] = [url.username, url.password].map(decoded);
    this.#url = url;
    this.#timeoutMs = timeoutMs;
    this.shown = `${url.protocol}//${url.host}`;
    this.authorization =
      user || password ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined;
  }

  get host(): string {
    return this.#url.hostname.replace(/^\[|\]$/g, '');
  }

  get port(): number {
    return Number(this.#url.port || (this.#url.protocol === 'https:' ? 443 : 80));
  }

  /** Opens an unreferenced connection to the proxy. */
  open(): Socket {
    const { host, port } = this;
    const to = { host, port, timeout: this.#timeoutMs };
    const secure = this.#url.protocol === 'https:';
    const socket = secure ? connectSecurely({ ...to, servername: host }) : connect(to);
    return socket.unref();
  }
}

/** For `http:` targets: the proxy gets the whole URL in the request line. */
class ForwardingAgent extends http.Agent {
  readonly #proxy: ProxySettings;

  constructor(proxy: ProxySettings, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  /** Called by Node for each request, before it writes the request line. */
  addRequest(request: ClientRequest, options: RequestOptions): void {
    const { host, port, authorization } = this.#proxy;
    request.path = `http://${request.getHeader('host')}${request.path}`;
    if (authorization !== undefined) request.setHeader('Proxy-Authorization', authorization);
    const base = http.Agent.prototype as unknown as Pick<ForwardingAgent, 'addRequest'>;
    base.addRequest.call(this, request, { ...options, host, port });
  }

  override createConnection(): Duplex {
    return this.#proxy.open();
  }
}

/** Longest head of an answer to CONNECT. */
const MAX_HEAD_BYTES = 16_384;

/** For `https:` targets: the proxy connects to the target, and TLS goes through it to the target. */
class TunnelAgent extends https.Agent {
  readonly #proxy: ProxySettings;

  constructor(proxy: ProxySettings, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: ConnectOptions, connected: Connected): undefined {
    const { shown, authorization } = this.#proxy;
    const target = `${options.host?.includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
    const socket = this.#proxy.open();
    let head = Buffer.alloc(0);

    const end = (error: Error | null, secured?: Duplex): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose).off('timeout', onTimeout);
      // Its later errors have no listener.
      if (error !== null) socket.on('error', () => {}).destroy();
      connected(error, secured);
    };
    const onError = (error: Error) => end(error);
    const onClose = () => end(new Error(`the proxy ${shown} closed the connection`));
    const onTimeout = () => end(new Error(`the proxy ${shown} did not answer in time`));
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      if (!head.includes('\r\n\r\n') && head.length < MAX_HEAD_BYTES) return;
      const [line = ''] = head.toString('latin1').split('\r\n', 1);
      if (!/^HTTP\/1\.\d 2\d\d\b/.test(line)) {
        end(new Error(`the proxy ${shown} refused the connection: ${line.replace(/^HTTP\/\S+ /, '')}`));
      } else {
        const overTunnel = { ...options, socket } as ConnectionOptions;
        end(null, connectSecurely(overTunnel));
      }
    };
    socket.on('data', onData).on('error', onError).on('close', onClose).on('timeout', onTimeout);
    const login = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login}\r\n`);
    return undefined;
  }
}
