import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Answer {
  status: number;
  body: string;
}

/** Sends one request and reads its complete answer. It opens a new connection unless an agent is given. */
export function call(url: string, options: RequestOptions = {}, body = ''): Promise<Answer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { agent: false, rejectUnauthorized: false, ...options } as RequestOptions,
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode as number, body: text }));
      },
    );
    outgoing.on('error', reject).end(body);
  });
}
