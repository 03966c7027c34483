import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { freePort as anyFreePort } from '../support/free-port.ts';

export interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** Sends one request. It adds no header, follows no redirect and decodes nothing, unless the options do. */
export async function get(url: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: false, ...options }, resolve)
      .on('error', reject)
      .end();
  });
  const body = await buffer(response);
  return { status: response.statusCode, headers: response.headers, body, text: body.toString() };
}

/** A port on which nothing listens. */
export const freePort = async (): Promise<number> => Number(await anyFreePort());

/** Replaces the sums of durations, the only values that differ between two runs. */
export const maskDurations = (text: string): string => text.replace(/^(\w+_sum(\{.*\})?) \d[\d.e-]*$/gm, '$1 SECONDS');
