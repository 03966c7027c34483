import type { OutgoingHttpHeaders } from 'node:http2';

/** A header that was sent over HTTP/2. Names have the letter case that the app used: only on the wire they are lower case. */
export function sentHeader(headers: OutgoingHttpHeaders | undefined, name: string): OutgoingHttpHeaders[string] {
  const value = headers?.[name];
  if (value !== undefined || headers === undefined) return value;
  for (const given in headers) if (given.length === name.length && given.toLowerCase() === name) return headers[given];
  return undefined;
}
