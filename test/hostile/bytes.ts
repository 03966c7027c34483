import fc from 'fast-check';

// The bytes that hostile clients send, as latin1: one character is one byte.
const byte = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code));
const noise = fc.string({ unit: byte, maxLength: 60 });

const method = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE', 'QUERY', 'TRACE'),
  },
  fc.constantFrom(
    'get',
    'Get',
    'PURGE',
    'PROPFIND',
    'M-SEARCH',
    'CONNECT',
    'PRI',
    'BREW',
    '',
    '"GET"',
    'G\u0000T',
    'X'.repeat(5000),
  ),
  noise,
);

/** One segment of a path: words, ids, and characters that some format must escape. */
const segment = fc.oneof(
  fc.constantFrom('users', 'orders', 'files', 'teapot', 'a', 'b', '17', 'é', '..', '.', '', '*'),
  fc.constantFrom(
    '"',
    '\\',
    '%22',
    '%0a',
    '%00',
    '%zz',
    '%',
    '%c3%28',
    '\xff\xfe',
    '\x7f',
    '\t',
    '"} 1',
    '{a="b"}',
    '<script>',
    '#',
    ';a=b',
  ),
  fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 12 }),
  fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)),
);
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('/users/17', '/files/a/b', '/orders', '/teapot') },
  { weight: 20, arbitrary: path },
  { weight: 8, arbitrary: path.map((text) => `${text}?q=${text}`) },
  path.map((text) => `http://user:pw@example.com:80${text}`),
  fc.constantFrom('*', 'example.com:443', '//host/a', 'http://', 'ftp://a/b', '/a#b', '/\\..\\', ''),
  noise,
);

const header = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('X-Any: "\\', 'Connection: keep-alive', 'Accept: */*', 'Cookie: a=b') },
  fc.constantFrom(
    'Expect: 100-continue',
    'Expect: miracles',
    'Connection: Upgrade\r\nUpgrade: websocket',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding : chunked',
    'Content-Length: 5',
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    ' folded: yes',
    'no colon',
    ': no name',
    'Content-Type: application/json',
    'Host: a\r\nHost: b',
    `X: ${'x'.repeat(20_000)}`,
    'X: \xff\xfe\x80',
    'X: a\rb',
    'X: \0',
  ),
  fc.tuple(noise, noise).map(([name, value]) => `${name}: ${value}`),
);

const body = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  fc.constantFrom(
    'hello',
    '{"a":',
    '5\r\nhello\r\n0\r\n\r\n',
    '5\r\nhel',
    'zz\r\nhello',
    '-1\r\n',
    'ffffffffffffffff1\r\n',
    `5;${'x'.repeat(20_000)}\r\n`,
  ),
  fc.constantFrom('0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n', '0\r\nTrailer: "\r\n\r\n'),
  noise,
);

const request = fc
  .tuple(
    method,
    target,
    fc.oneof(
      { weight: 30, arbitrary: fc.constant('HTTP/1.1') },
      fc.constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1 ', ''),
    ),
    fc.array(header, { maxLength: 4 }),
    body,
    fc.oneof({ weight: 30, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r')),
  )
  .map(([verb, where, version, headers, content, end]) =>
    // Most requests have a Host: Node refuses a request without one.
    [`${verb} ${where} ${version}`, 'Host: test', ...headers, '', content].join(end),
  );

/**
 * One client: the bytes that it sends in pieces, and how it disconnects.
 * @property waitMs  between the last piece and the disconnect
 */
export interface Client {
  readonly pieces: readonly string[];
  readonly disconnect: 'destroy' | 'reset' | 'end';
  readonly waitMs: number;
}

export const client = (bytes: fc.Arbitrary<string>): fc.Arbitrary<Client> =>
  fc.record({
    pieces: fc
      .tuple(bytes, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }))
      .map(([text, cuts]) => cut(text, cuts)),
    disconnect: fc.constantFrom('destroy' as const, 'reset' as const, 'end' as const),
    waitMs: fc.integer({ min: 0, max: 40 }),
  });

/** Pipelined requests and plain noise. */
export const http1: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: fc.array(request, { minLength: 1, maxLength: 4 }).map((all) => all.join('')) },
  noise,
);

/** HTTP/2: a preface, then frames. Many of them are invalid. */
export const http2: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    fc.array(
      fc.oneof(
        fc.record({
          type: fc.integer({ min: 0, max: 12 }),
          flags: fc.integer({ min: 0, max: 255 }),
          stream: fc.constantFrom(0, 1, 1, 2, 3, 5, 2 ** 31 - 1),
          payload: noise,
        }),
        // A complete request: the header block of `GET` with this path, without compression.
        fc.record({
          type: fc.constant(1),
          flags: fc.constantFrom(5, 4),
          stream: fc.constantFrom(1, 3, 5, 7, 9, 11),
          payload: path
            .filter(({ length }) => length < 127)
            .map((text) => `\x82\x86\x44${String.fromCharCode(text.length)}${text}\x41\x04test`),
        }),
      ),
      { maxLength: 8 },
    ),
  )
  .map(
    ([preface, frames]) =>
      `${preface ? `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame({ type: 4, flags: 0, stream: 0, payload: '' })}` : ''}${frames.map(frame).join('')}`,
  );

function frame({
  type,
  flags,
  stream,
  payload,
}: {
  type: number;
  flags: number;
  stream: number;
  payload: string;
}): string {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return head.toString('latin1') + payload;
}

function cut(text: string, shares: readonly number[]): string[] {
  const offsets = [0, ...shares.map((share) => Math.floor(share * text.length)), text.length].sort((a, b) => a - b);
  return offsets.slice(1).map((end, i) => text.slice(offsets[i], end));
}
