import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { OWN_PACKAGE } from '../config/own-package.ts';
import type { ApmStatus } from '../status.ts';
import type { Target } from './target.ts';

/**
 * The result of asking for a status.
 * - `status`: the status
 * - `incompatible`: a status of another format
 * - `unauthorized`: a token is missing or wrong
 * - `metrics`: metrics, but no status
 * - `unknown`: an answer of another program
 * - `no answer`
 */
export type StatusAnswer =
  | { readonly kind: 'status'; readonly status: ApmStatus }
  | { readonly kind: 'incompatible'; readonly version: string }
  | { readonly kind: 'unauthorized'; readonly hasToken: boolean }
  | { readonly kind: 'metrics'; readonly path: string }
  | { readonly kind: 'unknown'; readonly path: string; readonly statusLine: string }
  | { readonly kind: 'no answer'; readonly code: string; readonly message: string };

export const STATUS_TIMEOUT_MS = 5_000;
/** Larger than any status. The beginning of a scrape is enough to recognise it. */
const MAX_STATUS_CHARS = 1024 * 1024;

/** Asks each path of the target until one answers with the status. */
export async function fetchStatus({ origin, paths }: Target, token: string | undefined): Promise<StatusAnswer> {
  let second: StatusAnswer | undefined;
  for (const path of paths) {
    let answer: StatusAnswer;
    try {
      answer = interpret(path, token !== undefined, await get(origin + path, token));
    } catch (cause) {
      const { code = '', message } = cause as NodeJS.ErrnoException;
      answer = { kind: 'no answer', code, message };
    }
    // With these two, the status may still be at another path.
    if (answer.kind !== 'unknown' && answer.kind !== 'metrics') return answer;
    if (second?.kind !== 'metrics') second = answer.kind === 'metrics' ? answer : (second ?? answer);
  }
  return second as StatusAnswer;
}

interface StatusResponse {
  readonly response: IncomingMessage;
  readonly text: string;
}

function get(url: string, token: string | undefined): Promise<StatusResponse> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'close', ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
    const signal = AbortSignal.timeout(STATUS_TIMEOUT_MS);
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, { headers, signal }, (response) => {
      let text = '';
      const done = () => {
        request.destroy();
        resolve({ response, text });
      };
      response.setEncoding('utf8').on('error', reject).on('end', done);
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_STATUS_CHARS) done();
      });
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ response, text: '' });
    });
    // A host with several addresses fails with an AggregateError, which has a code and no message.
    request.on('error', reject);
  });
}

function interpret(path: string, hasToken: boolean, { response, text }: StatusResponse): StatusAnswer {
  const { statusCode = 0, statusMessage = '', headers } = response;
  const type = headers['content-type'] ?? '';
  if (statusCode === 401 && text === 'A bearer token is needed.\n') return { kind: 'unauthorized', hasToken };
  if (statusCode === 200 && type.startsWith('application/json')) {
    const status = parseStatus(text);
    if (status?.package?.name === OWN_PACKAGE.name) {
      return status.format === 1 && isComplete(status)
        ? { kind: 'status', status }
        : { kind: 'incompatible', version: String(status.package.version) };
    }
  }
  if (statusCode === 200 && type.startsWith('text/plain') && text.startsWith('# HELP '))
    return { kind: 'metrics', path };
  return { kind: 'unknown', path, statusLine: `${statusCode} ${statusMessage}`.trim() };
}

/** Another program may use our name, so check every field that is read. */
function isComplete(status: Partial<ApmStatus>): boolean {
  const { service, servers, paths, warnings, scrape, push } = status;
  const lists = Array.isArray(servers) && Array.isArray(warnings);
  const objects = [service, paths, scrape, push, ...(lists ? [...servers, ...warnings] : [])];
  const areServers = lists && servers.every((server) => server?.requests && Array.isArray(server.frameworks));
  return areServers && Boolean(service && paths) && objects.every((each) => typeof each === 'object');
}

function parseStatus(text: string): ApmStatus | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
