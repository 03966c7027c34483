import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recentWarnings } from '../../src/base/log.ts';
import { frameworks, frameworksIn } from '../../src/config/frameworks.ts';
import type { ListParser } from '../../src/config/lists.ts';
import { isListParser } from '../../src/config/lists.ts';
import { type ConfigOptions, loadConfig } from '../../src/config/load.ts';
import * as parse from '../../src/config/parsers.ts';
import type { Variable } from '../../src/config/variable.ts';
import { type ConfigKey, VARIABLES } from '../../src/config/variables.ts';

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => logged.push(line));
});
afterEach(() => vi.restoreAllMocks());

/** For each list: texts with the value of their valid entries, and entries that are not valid. */
const TABLE: Record<string, { list: ListParser<unknown>; good: Record<string, unknown>; bad: string[] }> = {
  exporters: {
    list: parse.exporters,
    good: {
      none: ['none'],
      'prometheus,': ['prometheus'],
      'OTLP,prometheus,otlp': ['otlp', 'prometheus'],
      'otlp,none': ['otlp'],
      'none,none': ['none'],
    },
    bad: ['console', 'logging', 'otlp prometheus'],
  },
  bounds: {
    list: parse.bounds,
    good: { '1': [1], '.005, 0.01': [0.005, 0.01], '1e-7,1': [1e-7, 1], '1,0.5,1,2': [0.5, 1, 2] },
    bad: ['0', '-1', 'Infinity', '1s', '1;2', 'NaN'],
  },
  templates: {
    list: parse.templates,
    good: { '/': ['/'], '/a/:b/*,/c': ['/a/:b/*', '/c'] },
    bad: ['a', '/a/*/b', '/a b', '/a?x'],
  },
  paths: {
    list: parse.paths,
    good: { '/a/:b,unmatched,GET /c*,*': ['/a/:b', 'unmatched', 'GET /c*', '*'] },
    bad: ['a', '/a b', 'unknown', '/a?b=c'],
  },
  methods: { list: parse.methods, good: { 'GET, M-SEARCH': ['GET', 'M-SEARCH'] }, bad: ['GET POST', 'GET;'] },
  frameworks: {
    list: frameworks,
    good: { all: ['all'], 'Express,koa': ['express', 'koa'], 'none,koa': ['koa'], 'all,none': ['all'] },
    bad: ['expres', 'sails'],
  },
  labels: {
    list: parse.labels,
    good: { 'a=header:x-a,_b=env:B,c=value:a%2Cb': { a: 'header:x-a', _b: 'env:B', c: 'value:a,b' } },
    bad: [
      'a',
      'a=',
      'a=x',
      'a=header:',
      'a=header:x y',
      'path=env:A',
      'le=env:A',
      '__a=env:A',
      '1a=env:A',
      'a-b=env:A',
    ],
  },
  gauges: {
    list: parse.gauges,
    good: { 'a=sum,b=PID': { a: 'sum', b: 'pid' } },
    bad: ['a', 'a=', 'a=mean', '=sum'],
  },
  pairs: {
    list: parse.pairs,
    good: {
      ' a = b ,c=': { a: 'b', c: '' },
      'a%2Cb=c%3D': { 'a,b': 'c=' },
      'a=b=c': { a: 'b=c' },
      'a=1,a=2': { a: '2' },
    },
    bad: ['a', '=a', 'a=%'],
  },
  headers: {
    list: parse.headers,
    good: { 'x-a=b%20c': { 'x-a': 'b c' } },
    bad: ['x a=b', 'a=%0A', 'a=%E2%82%AC', 'a'],
  },
};

it.each(Object.entries(TABLE))('%s accepts valid entries, and keeps them beside any that is not valid', (_, row) => {
  const { list, good, bad } = row;
  for (const [text, value] of Object.entries(good)) {
    expect(list(text)).toEqual(value);
    for (const entry of bad) {
      expect(list(`${entry},${text}`)).toEqual(value);
      expect(list(`${text},${entry}`)).toEqual(value);
    }
  }
  expect([...bad, bad.join(), ',', ''].map(list)).toEqual([...bad, '', '', ''].map(() => undefined));
});

it('is tested with every variable that is a list', () => {
  const rows = Object.values(VARIABLES) as Variable<unknown>[];
  const lists = new Set(rows.map((row) => row.parse).filter(isListParser));
  expect(lists).toEqual(new Set(Object.values(TABLE).map(({ list }) => list)));
});

interface Mixed {
  text: string;
  value: unknown;
  line: string;
}

/** A text of each variable in which one entry is not valid, the value of the others, and the line that is logged. */
const MIXED: { [K in ConfigKey]?: Mixed } = {
  resourceAttributes: {
    text: 'team=shop,region',
    value: { team: 'shop' },
    line: 'ignored the entry "region" (expected key=value pairs separated by commas, percent-encoded); kept "team=shop"',
  },
  exporters: {
    text: 'otlp,console',
    value: ['otlp'],
    line: 'ignored the entry "console" (expected prometheus, otlp, both separated by a comma, or none); kept "otlp"',
  },
  knownMethods: {
    text: 'GET,POST PUT',
    value: ['GET'],
    line: 'ignored the entry "POST PUT" (expected HTTP methods separated by commas); kept "GET"',
  },
  buckets: {
    text: '.5,1s,0.1,0',
    value: [0.1, 0.5],
    line: 'ignored the entries "1s", "0" (expected seconds greater than 0, separated by commas); kept ".5", "0.1"',
  },
  routes: {
    text: '/users/:id,files',
    value: ['/users/:id'],
    line: 'ignored the entry "files" (expected templates such as /users/:id,/files/*); kept "/users/:id"',
  },
  frameworks: {
    text: 'none,koa,sails',
    value: ['koa'],
    line: 'ignored the entries "none", "sails" (expected all, none, or some of express, fastify, koa, hapi, hono, h3, next, restify, polka, connect, feathers, trpc, react-router, remix, sveltekit, astro separated by commas); kept "koa"',
  },
  ignorePaths: {
    text: '/health,*,ready',
    value: ['/health', '*'],
    line: 'ignored the entry "ready" (expected paths such as /health, /users/:id, /static/* or GET /health*, separated by commas); kept "/health", "*"',
  },
  untimedPaths: {
    text: 'GET /feeds/*,feeds',
    value: ['GET /feeds/*'],
    line: 'ignored the entry "feeds" (expected paths such as /events, /users/:id/changes or GET /feeds/*, separated by commas); kept "GET /feeds/*"',
  },
  labels: {
    text: 'tenant=header:x-tenant,path=env:REGION',
    value: { tenant: 'header:x-tenant' },
    line: 'ignored the entry "path=env:REGION" (expected label=header:NAME, label=env:NAME or label=value:TEXT, separated by commas); kept "tenant=header:x-tenant"',
  },
  gauges: {
    text: 'lag=max,queue=mean',
    value: { lag: 'max' },
    line: 'ignored the entry "queue=mean" (expected name=sum, name=max or name=pid, separated by commas); kept "lag=max"',
  },
  otlpHeaders: {
    text: 'x-tenant=a,authorization=Bearer%0Asecret,x-key=c',
    value: { 'x-tenant': 'a', 'x-key': 'c' },
    line: 'ignored entry 2 of 3 (expected header=value pairs separated by commas, percent-encoded); kept the others',
  },
  otlpMetricsHeaders: {
    text: 'secret,x-key=c,secret=%',
    value: { 'x-key': 'c' },
    line: 'ignored entries 1, 3 of 3 (expected header=value pairs separated by commas, percent-encoded); kept the others',
  },
};

it('has such a text for every variable that is a list', () => {
  const rows = Object.entries(VARIABLES) as [string, Variable<unknown>][];
  expect(Object.keys(MIXED).sort()).toEqual(
    rows
      .filter(([, { parse }]) => isListParser(parse))
      .map(([key]) => key)
      .sort(),
  );
});

it.each(Object.entries(MIXED))('%s names the entry that is not valid, and keeps the others', (key, mixed) => {
  const { variable } = VARIABLES[key as ConfigKey];
  const defaults = loadConfig({}, {}, {});
  expect(loadConfig({}, {}, { [variable]: mixed.text })).toEqual({ ...defaults, [key]: mixed.value });
  expect(loadConfig({ [key]: mixed.text } as ConfigOptions, {}, {})).toEqual({ ...defaults, [key]: mixed.value });
  const array = mixed.text.split(',');
  expect(loadConfig({ [key]: array } as unknown as ConfigOptions, {}, {})).toEqual({ ...defaults, [key]: mixed.value });
  expect(logged).toEqual(
    [variable, `setupApm({ ${key} })`, `setupApm({ ${key} })`].map((name) => `[@org/apm] ${name}: ${mixed.line}`),
  );
});

it('names the first five of many entries that are not valid', () => {
  loadConfig({}, {}, { APM_ROUTES: `/a,${'bcdefghi'.split('').join()}` });
  expect(logged).toEqual([
    '[@org/apm] APM_ROUTES: ignored the entries "b", "c", "d", "e", "f" and 3 more (expected templates such as /users/:id,/files/*); kept "/a"',
  ]);
});

it('keeps no entry of the environment for the status', () => {
  loadConfig({}, {}, { APM_ROUTES: '/a,secret' });
  expect(recentWarnings().at(-1)?.text).toBe(
    'APM_ROUTES: ignored entry 2 of 2 (expected templates such as /users/:id,/files/*); kept the others',
  );
});

it('takes each item of an array as one entry, commas included', () => {
  const ignorePaths = ['^\\/a{1,2}$', '/health'];
  expect(loadConfig({ ignorePaths }, {}, {}).ignorePaths).toEqual(ignorePaths);
  expect(logged).toEqual([]);
});

it('tells the preload the frameworks that are valid', () => {
  expect(frameworksIn({ APM_FRAMEWORKS: ' Fastify, sails' })).toEqual(['fastify']);
  expect(frameworksIn({ APM_FRAMEWORKS: 'sails' })).toEqual(['all']);
  expect(frameworksIn({})).toEqual(['all']);
});
