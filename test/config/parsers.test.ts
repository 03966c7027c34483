import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/config/did-you-mean.ts';
import * as parse from '../../src/config/parsers.ts';
import type { Parser } from '../../src/config/variable.ts';

/** For each parser: valid texts with their values, and invalid texts. */
const TABLE: Record<string, { parser: Parser<unknown>; good: Record<string, unknown>; bad: string[] }> = {
  boolean: { parser: parse.boolean, good: { true: true, False: false }, bad: ['1', 'yes', 'true,'] },
  integer: {
    parser: parse.integer(0, 65535),
    good: { '0': 0, '007': 7, '65535': 65535 },
    bad: ['-1', '65536', '1.0', '1e3', '0x10', ' 1', '9464/tcp'],
  },
  prefix: { parser: parse.prefix, good: { shop_: 'shop_', _a9: '_a9' }, bad: ['9a', 'a-', 'a:', 'a b', 'é_'] },
  oneOf: { parser: parse.oneOf('gzip', 'none'), good: { GZIP: 'gzip' }, bad: ['gzip,none', 'zip'] },
  path: { parser: parse.path, good: { '/': '/', '/a/b%20c': '/a/b%20c' }, bad: ['a', '/a b', '/a?b', '/a#b', '/é'] },
  token: { parser: parse.token, good: { 'a-._~+/9==': 'a-._~+/9==' }, bad: ['a b', 'a=b', 'é', '"a"', '='] },
  host: {
    parser: parse.host,
    good: { localhost: 'localhost', '::': '::', '[::]': '::', '[::1]': '::1', '[fe80::1%eth0]': 'fe80::1%eth0' },
    bad: ['[localhost]', '[::1', '::1]', '[]', 'a b', 'http://localhost'],
  },
  endpoint: {
    parser: parse.endpoint,
    good: {
      'http://h': 'http://h',
      'HTTPS://h:1/p?q': 'HTTPS://h:1/p?q',
      'http://[::1]:4317': 'http://[::1]:4317',
      'h:1': 'h:1',
      '[::1]:4317': '[::1]:4317',
    },
    bad: ['h', '//h', 'http:/h', 'http:///h', 'ftp://h', 'http://h:99999', 'h:99999', 'unix:///s'],
  },
};

describe.each(Object.entries(TABLE))('%s', (_, { parser, good, bad }) => {
  it.each(Object.entries(good))('accepts %s', (text, value) => {
    expect(parser(text)).toEqual(value);
  });
  it.each(bad)('refuses %s', (text) => {
    expect(parser(text)).toBeUndefined();
  });
});

it('suggests the most similar word, and none if all differ too much', () => {
  expect(suggest('kitten', ['mitten', 'sitting'])).toBe('mitten');
  expect(suggest('kitten', ['dog'])).toBeUndefined();
  expect(suggest('kitten', [])).toBeUndefined();
});
