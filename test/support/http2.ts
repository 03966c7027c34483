import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Opens an HTTP/2 session. It is closed after the test. */
export async function openSession(url: string, socket?: Socket): Promise<ClientHttp2Session> {
  const client = connect(url, { rejectUnauthorized: false, ...(socket && { createConnection: () => socket }) });
  // Tests check how a session ends, so an error must not fail them.
  client.on('error', () => {});
  onTestFinished(() => void client.destroy());
  await once(client, 'connect');
  return client;
}

/** Sends the header of a request. The stream stays open. */
export function openStream(client: ClientHttp2Session, headers: OutgoingHttpHeaders, options = {}) {
  const stream = client.request(headers, options);
  stream.on('error', () => {});
  return stream;
}

/** Sends one request and reads its complete answer. */
export async function ask(client: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string) {
  const stream = openStream(client, headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  let status: number | undefined;
  let text = '';
  stream.on('response', (answer: IncomingHttpHeaders & { ':status'?: number }) => {
    status = answer[':status'];
  });
  stream.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await new Promise((resolve) => stream.on('close', resolve));
  return { status, body: text };
}

/** Encodes one frame. @see https://www.rfc-editor.org/rfc/rfc9113#section-4.1 */
export function encodeFrame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), encodeFrame(4, 0, 0)]);

/** Encodes the header block of `GET /path`, without compression. */
export function encodeGet(path: string): Buffer {
  const literal = (index: number, value: string) =>
    Buffer.concat([Buffer.from([index, value.length]), Buffer.from(value)]);
  return Buffer.concat([Buffer.from([0x82, 0x86]), literal(0x44, path), literal(0x41, 'test')]);
}
