import { hasSubscribers } from 'node:diagnostics_channel';
import { types } from 'node:util';
import { loadBuiltin } from '../../base/builtin.ts';
import { registeredGlobal } from './app-api.ts';

/**
 * Finds another tool that instruments the outgoing calls of this process. It is looked for in the process itself: a tool
 * that an operator injects, or that is wrapped in another package, is not in the app's package.json.
 * @returns what was found, as a clause: `dd-trace is active in this process`; undefined where there is nothing
 */
export function findOtherTracer(): string | undefined {
  const found = hasTracingApi()
    ? 'an OpenTelemetry SDK is active in this process'
    : (findWrapper() ?? findSubscriber());
  const name = found === undefined ? undefined : findToolName();
  return name === undefined ? found : `${name} is active in this process`;
}

/** Whether tracing is registered in the API of OpenTelemetry. Our own instrumentations would then send its headers too. */
export const hasTracingApi = (): boolean =>
  (['trace', 'propagation', 'context'] as const).some((kind) => registeredGlobal(kind) !== undefined);

const http = loadBuiltin<typeof import('node:http')>('node:http');
const https = loadBuiltin<typeof import('node:https')>('node:https');

/** The functions that HttpInstrumentation wraps, and what the code of Node's own ones contains. */
const NODE_FUNCTIONS = [
  ['http.request', () => http.request, /^function request\([\s\S]*\bClientRequest\b/],
  ['http.get', () => http.get, /^function get\([\s\S]*\.end\(\)/],
  ['https.request', () => https.request, /^function request\([\s\S]*\bClientRequest\b/],
  ['https.get', () => https.get, /^function get\([\s\S]*\.end\(\)/],
] as const;

/** Most wrappers add properties to the function; that of dd-trace looks like the original, except for its code. */
const OWN_KEYS = 'length,name,prototype';

/** `fetch` is not among them: nothing of ours wraps it, and frameworks such as Next.js do, for their caches. */
function findWrapper(): string | undefined {
  const wrapped = NODE_FUNCTIONS.find(([, read, code]) => {
    const found = read();
    if (typeof found !== 'function' || types.isProxy(found)) return true;
    return Reflect.ownKeys(found).map(String).join() !== OWN_KEYS || !code.test(String(found));
  });
  return wrapped && `other code has wrapped ${wrapped[0]}`;
}

/** Node's channels of outgoing calls. */
const CHANNELS = [
  'http.client.request.created',
  'http.client.request.start',
  'http.client.response.finish',
  'undici:request:create',
];

function findSubscriber(): string | undefined {
  const channel = CHANNELS.find((name) => hasSubscribers(name));
  return channel && `other code subscribes to ${channel}`;
}

/** Marks that tools leave. A mark alone says that a tool is loaded, and not that it instruments anything. */
const MARKS: readonly (readonly [name: string, mark: string | symbol])[] = [
  ['dd-trace', '_ddtrace'],
  ['Sentry', '__SENTRY__'],
];

const findToolName = (): string | undefined => MARKS.find(([, mark]) => mark in globalThis)?.[0];
