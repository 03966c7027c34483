import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { HTTP_CLIENTS } from '../packages/tools.ts';
import { lineOf, NODE_VERSIONS, type NodeVersion, OLDEST_NODE } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { record } from './recording.ts';

type Calls = Record<string, string[]>;

const THREE = ['GET localhost:PORT 200', 'GET localhost:PORT 404', 'GET localhost:2 - ECONNREFUSED'];

const CLIENTS: Calls = {
  axios: THREE,
  'axios, which follows redirects': ['GET localhost:PORT 307', 'GET localhost:PORT 302', 'GET localhost:PORT 200'],
  'got 11': THREE,
  'got 14': THREE,
  'got 14, which tries again': ['GET localhost:PORT 503', 'GET localhost:PORT 200'],
  'node-fetch 2': THREE,
  'node-fetch 3': THREE,
  superagent: THREE,
  agentkeepalive: THREE,
  'https-proxy-agent 5': ['GET localhost:SECURE 200'],
  'https-proxy-agent 5, without its proxy': ['GET localhost:SECURE - ECONNREFUSED'],
  'https-proxy-agent 7': ['GET localhost:SECURE 200', 'GET localhost:SECURE - ECONNREFUSED'],
  'http-proxy, which passes on the header Host': ['GET localhost:PORT 200'],
  ws: ['GET localhost:PORT 101', 'GET localhost:2 - ECONNREFUSED'],
};
/** Node 20 publishes nothing of an agent that replaces `addRequest`, before it has a connection. */
const CLIENTS_OF: Record<string, Calls> = { 20: { 'https-proxy-agent 5, without its proxy': [] } };

const UNDICI: Calls = {
  fetch: THREE,
  request: THREE,
  stream: ['GET localhost:PORT 200'],
  'a pool': ['GET localhost:PORT 200', 'GET localhost:PORT 200', 'GET localhost:PORT 200'],
  'pipelined calls': ['GET localhost:PORT 200', 'GET localhost:PORT 404'],
  'a tunnel through a proxy': ['GET localhost:SECURE 200'],
  'an upgrade': ['GET localhost:PORT 101'],
  'answers of a mock': [],
  'HTTP/2': ['GET localhost:TWO 200'],
};
const RETRIED = 'a call that is tried again';
const UNDICI_OF: Record<string, Calls> = {
  5: {},
  6: { [RETRIED]: ['GET localhost:PORT 503 UND_ERR_REQ_RETRY', 'GET localhost:PORT 200'] },
  7: { [RETRIED]: ['GET localhost:PORT 503', 'GET localhost:PORT 200'] },
  8: { [RETRIED]: ['GET localhost:PORT 503', 'GET localhost:PORT 200'] },
};

function expectedOn(version: NodeVersion): Calls {
  const line = lineOf(version);
  // undici 8 needs Node 22.19.
  const undicis = Object.entries(UNDICI_OF).filter(([major]) => major !== '8' || Number(line) >= 24);
  const ofUndici = undicis.flatMap(([major, own]) =>
    Object.entries({ ...UNDICI, ...own }).map(([kind, calls]) => [`undici ${major}: ${kind}`, calls]),
  );
  return { ...CLIENTS, ...CLIENTS_OF[line], ...Object.fromEntries(ofUndici) };
}

const recordOn = async (version: NodeVersion, app: string, recorders?: string[]) =>
  record<Calls>(`test/apps/calls/${app}`, {
    version,
    args: [await installPackages(HTTP_CLIENTS)],
    ...(recorders && { recorders }),
  });

describe('the calls of clients in use, and of undici 5 to 8, are recorded', () => {
  const run = shared(async () => {
    // Not at once: each would install the packages.
    await installPackages(HTTP_CLIENTS);
    return Promise.all(NODE_VERSIONS.map((version) => recordOn(version, 'clients.mjs')));
  });

  it.each(NODE_VERSIONS.map((version, i) => [version, i] as const))('on Node %s', (version, i) => {
    expect(run()[i]).toEqual(expectedOn(version));
  });
});

describe('each of 200 interleaved requests gets its own calls, over connections that all share', () => {
  it.each(NODE_VERSIONS)('on Node %s', async (version) => {
    expect(await recordOn(version, 'context.mjs', [])).toEqual({ requests: 200, wrong: [] });
  });
});

it('the calls of a bundle are recorded', async () => {
  const folder = await installPackages(HTTP_CLIENTS);
  const [entry, bundle] = ['entry', 'bundle'].map((name) => join(folder, `${name}-${process.pid}.cjs`)) as [
    string,
    string,
  ];
  onTestFinished(async () => {
    for (const file of [entry, bundle]) await rm(file, { force: true });
  });
  await writeFile(entry, BUNDLED);
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    minify: true,
    platform: 'node',
    logLevel: 'error',
  });
  expect(await record(bundle, { version: OLDEST_NODE })).toEqual(['GET 200', 'GET 200', 'GET 200']);
});

const BUNDLED = `
const axios = require('axios');
const got = require('got-11');
const { request } = require('undici-7');
const server = require('node:http').createServer((_, response) => response.end('answered')).listen(0, async () => {
  const url = 'http://localhost:' + server.address().port;
  await axios.get(url);
  await got(url);
  await (await request(url)).body.text();
  const calls = await globalThis.recorder.take();
  console.log(JSON.stringify(calls.map(({ target, status }) => target.operation + ' ' + status)));
  process.exit();
});
`;
