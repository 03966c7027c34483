import type { Agent, ClientRequest } from 'node:http';
import { internalSymbol } from '../base/internal-symbol.ts';
import type { AgentOptions } from './agent-requests.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Newer versions of Node keep the address that a request calls. Older ones keep only the host, without its port. */
const internalAuthority = internalSymbol<ClientRequest, string>('kAuthority');

/** Most apps call one server many times in a row. A text that was looked up before is found faster than an equal new one. */
let last: { readonly host: string; readonly port: AgentOptions['port']; readonly authority: string } | undefined;

export const knowsAuthority = (request: ClientRequest): boolean => internalAuthority(request) !== undefined;

/**
 * The host and port that a request calls, such as `localhost:3000`. Not the header `Host`, because proxies send there what
 * their clients sent.
 * @param options what the agent got; undefined where there is no agent
 */
export function authorityOf(request: ClientRequest, options: AgentOptions | undefined): string {
  const { host, protocol, agent } = request as ClientRequest & { agent?: Agent & { defaultPort?: number } };
  if (options !== undefined) return authorityOfAgent(host, options.port);
  const authority = internalAuthority(request);
  if (authority === undefined) return authorityOfHeader(request, bracket(host));
  const port = agent?.defaultPort;
  // Node leaves out the port if it is the default one, which the agent decides.
  const isOther = port !== undefined && port !== DEFAULT_PORTS[protocol] && !/:\d+$/.test(authority);
  return isOther ? `${authority}:${port}` : authority;
}

function authorityOfAgent(host: string, port: AgentOptions['port']): string {
  if (last === undefined || last.host !== host || last.port !== port) {
    last = { host, port, authority: `${bracket(host)}:${port ?? ''}` };
  }
  return last.authority;
}

function authorityOfHeader(request: ClientRequest, host: string): string {
  const header = request.getHeader('host');
  return typeof header === 'string' && header.startsWith(`${host}:`) ? header : host;
}

const bracket = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
