import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/config/did-you-mean.ts';
import * as parse from '../../src/config/parsers.ts';

/** For each parser: valid texts with their values, and invalid texts. */
const TABLE: Record<string, { parser: parse.Parser<unknown>; good: Record<string, unknown>; bad: string[] }> = {
  boolean: { parser: parse.boolean, good: { true: true, False: false }, bad: ['1', 'yes', 'true,'] },
  integer: {
    parser: parse.integer(0, 65535),
    good: { '0': 0, '007': 7, '65535': 65535 },
    bad: ['-1', '65536', '1.0', '1e3', '0x10', ' 1', '9464/tcp'],
  },
  oneOf: { parser: parse.oneOf('gzip', 'none'), good: { GZIP: 'gzip' }, bad: ['gzip,none', 'zip'] },
  exporters: {
    parser: parse.exporters,
    good: { none: ['none'], 'prometheus,': ['prometheus'], 'otlp,prometheus': ['otlp', 'prometheus'] },
    bad: ['none,otlp', 'prometheus,console', ',', 'logging'],
  },
  bounds: {
    parser: parse.bounds,
    good: { '1': [1], '.005, 0.01': [0.005, 0.01], '1e-7,1': [1e-7, 1] },
    bad: ['0,1', '-1', '1,0.5', '1,1', 'Infinity', '1s', ',', '1;2'],
  },
  path: { parser: parse.path, good: { '/': '/', '/a/b%20c': '/a/b%20c' }, bad: ['a', '/a b', '/a?b', '/a#b', '/é'] },
  templates: {
    parser: parse.templates,
    good: { '/': ['/'], '/a/:b/*,/c': ['/a/:b/*', '/c'] },
    bad: ['a', '/a/*/b', '/a b', '/a?x', ','],
  },
  labelValues: {
    parser: parse.labelValues,
    good: { '/a/:b,unmatched,other': ['/a/:b', 'unmatched', 'other'], '/*path': ['/*path'] },
    bad: ['a', '/a b', 'unknown'],
  },
  methods: { parser: parse.methods, good: { 'GET, M-SEARCH': ['GET', 'M-SEARCH'] }, bad: ['GET POST', 'GET;'] },
  token: { parser: parse.token, good: { 'a-._~+/9==': 'a-._~+/9==' }, bad: ['a b', 'a=b', 'é', '"a"', '='] },
  endpoint: {
    parser: parse.endpoint,
    good: {
      'http://h': 'http://h',
      'HTTPS://h:1/p?q': 'HTTPS://h:1/p?q',
      'http://[::1]:4317': 'http://[::1]:4317',
      'h:1': 'h:1',
    },
    bad: ['h', '//h', 'http:/h', 'http:///h', 'ftp://h', 'http://h:99999', 'h:99999', 'unix:///s'],
  },
  pairs: {
    parser: parse.pairs,
    good: {
      ' a = b ,c=': { a: 'b', c: '' },
      'a%2Cb=c%3D': { 'a,b': 'c=' },
      'a=b=c': { a: 'b=c' },
      'a=1,a=2': { a: '2' },
    },
    bad: ['a', '=a', 'a=1,b', 'a=%', ','],
  },
  headers: {
    parser: parse.headers,
    good: { 'x-a=b%20c': { 'x-a': 'b c' } },
    bad: ['x a=b', 'a=%0A', 'a=%E2%82%AC', 'a'],
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
