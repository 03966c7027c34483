import type { Server } from 'node:http';
import { guard } from '../base/guard.ts';
import { isHttp2 } from '../requests/listen.ts';
import type { AnyServer } from '../requests/request-record.ts';
import type { ServerStatus } from '../status.ts';
import { knownServers, type ServerState } from './recogniser.ts';

/** The app's servers that listen now. */
export function serversStatus(): ServerStatus[] {
  const found: ServerStatus[] = [];
  for (const [server, state] of knownServers()) {
    // An app may have made its own of any of the methods asked.
    const status = guard('describe a server', () => statusOf(server as Server, state));
    if (status !== undefined) found.push(status);
  }
  return found;
}

function statusOf(server: Server, { adapters, ended, routed, unmatched }: ServerState): ServerStatus | undefined {
  if (server.listening !== true) return undefined;
  const secure = isSecure(server);
  return {
    address: addressOf(server, secure),
    protocol: isHttp2(server) ? 'http2' : secure ? 'https' : 'http',
    frameworks: adapters.map(({ name }) => name),
    requests: { ended, routed, unmatched },
  };
}

/** By what only TLS servers have; both of http and http2. */
function isSecure(server: AnyServer): boolean {
  return typeof (server as { setSecureContext?: unknown }).setSecureContext === 'function';
}

function addressOf(server: Server, secure: boolean): string {
  const bound = server.address();
  if (typeof bound === 'string') return `unix:${bound}`;
  const { address = '', port } = bound ?? {};
  return `${secure ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
