import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { readOwnPackage } from '../../config/own-package.ts';
import type { ApmStatus } from '../../status.ts';
import type { Target } from './target.ts';

/**
 * What asking for a status came to: the status; a status of another format; a token that is missing or wrong; metrics,
 * but no status; an answer of something else, by its last status line; or no answer.
 */
export type Answer =
  | { readonly kind: 'status'; readonly status: ApmStatus }
  | { readonly kind: 'foreign'; readonly version: string }
  | { readonly kind: 'locked'; readonly given: boolean }
  | { readonly kind: 'metrics'; readonly path: string }
  | { readonly kind: 'stranger'; readonly path: string; readonly said: string }
  | { readonly kind: 'silent'; readonly code: string; readonly message: string };

/** Milliseconds to wait for an answer. */
export const PATIENCE = 5_000;
/** More than any status has; of a scrape its beginning is enough. */
const MOST = 1024 * 1024;

/** Asks for the status at each path of the target, until one of them has it. */
export async function fetchStatus({ origin, paths }: Target, token: string | undefined): Promise<Answer> {
  let other: Answer | undefined;
  for (const path of paths) {
    let answer: Answer;
    try {
      answer = read(path, token !== undefined, await get(origin + path, token));
    } catch (cause) {
      const { code = '', message } = cause as NodeJS.ErrnoException;
      answer = { kind: 'silent', code, message };
    }
    // Whatever else is there, the status may be at another path.
    if (answer.kind !== 'stranger' && answer.kind !== 'metrics') return answer;
    if (other?.kind !== 'metrics') other = answer.kind === 'metrics' ? answer : (other ?? answer);
  }
  return other as Answer;
}

interface Said {
  readonly response: IncomingMessage;
  readonly text: string;
}

function get(url: string, token: string | undefined): Promise<Said> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'close', ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
    const signal = AbortSignal.timeout(PATIENCE);
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, { headers, signal }, (response) => {
      let text = '';
      const done = () => {
        request.destroy();
        resolve({ response, text });
      };
      response.setEncoding('utf8').on('error', reject).on('end', done);
      response.on('data', (piece: string) => {
        text += piece;
        if (text.length > MOST) done();
      });
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ response, text: '' });
    });
    // A name with several addresses fails with an AggregateError, which says nothing but its code.
    request.on('error', reject);
  });
}

function read(path: string, given: boolean, { response, text }: Said): Answer {
  const { statusCode = 0, statusMessage = '', headers } = response;
  const type = headers['content-type'] ?? '';
  if (statusCode === 401 && text === 'A bearer token is needed.\n') return { kind: 'locked', given };
  if (statusCode === 200 && type.startsWith('application/json')) {
    const status = parsed(text);
    if (status?.package?.name === readOwnPackage().name) {
      return status.format === 1 && isWhole(status)
        ? { kind: 'status', status }
        : { kind: 'foreign', version: String(status.package.version) };
    }
  }
  if (statusCode === 200 && type.startsWith('text/plain') && text.startsWith('# HELP '))
    return { kind: 'metrics', path };
  return { kind: 'stranger', path, said: `${statusCode} ${statusMessage}`.trim() };
}

/** Others may answer in our name; what is read must be there. */
function isWhole(status: Partial<ApmStatus>): boolean {
  const { service, servers, paths, warnings, scrape, push } = status;
  const lists = Array.isArray(servers) && Array.isArray(warnings);
  const objects = [service, paths, scrape, push, ...(lists ? [...servers, ...warnings] : [])];
  const areServers = lists && servers.every((server) => server?.requests && Array.isArray(server.frameworks));
  return areServers && Boolean(service && paths) && objects.every((each) => typeof each === 'object');
}

function parsed(text: string): ApmStatus | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
