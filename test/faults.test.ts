import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp } from './support/app.ts';
import { root } from './support/root.ts';

/** Where our own code is made to throw: a file, the beginning of a function in it, and what its one line then says. */
const STAGES: Record<string, { file: string; at: RegExp; said: string }> = {
  'the start': { file: 'runtime.js', at: /export function start\(.*\{/, said: 'failed to start' },
  'the configuration': {
    file: 'config/load.js',
    at: /export function loadConfig\([^{]*\{\}[^{]*\{\}[^{]*\{/,
    said: 'failed to start',
  },
  'an arriving request': {
    file: 'requests/http1.js',
    at: /function onArrival\(.*\{\s*try \{/,
    said: 'failed to record a request arrival',
  },
  'a new record': {
    file: 'requests/request-record.js',
    at: /constructor\(.*\{/,
    said: 'failed to record a request arrival',
  },
  'an ended request': { file: 'route/resolver.js', at: /resolve\(request\) \{/, said: 'failed to record a request' },
  'an adapter': { file: 'route/frameworks/express/index.js', at: /recognise\(.*\{/, said: '' },
  'the template': {
    file: 'route/shape/path-shapes.js',
    at: /templateFor\(url, grow\) \{/,
    said: 'failed to record a request',
  },
  'the series': { file: 'metrics/series.js', at: /record\(.*\{/, said: 'failed to record a request' },
  'the SDK': { file: 'outputs.js', at: /export function createOutputs\(.*\{/, said: 'failed to set up the ways out' },
  'outgoing calls': {
    file: 'metrics/otel/outgoing.js',
    at: /export function measureOutgoing\(.*\{/,
    said: 'failed to measure outgoing calls',
  },
  'the metrics server': {
    file: 'expose/scrape/server.js',
    at: /export function serveMetrics\(.*\{/,
    said: 'failed to find a place among the processes of this service',
  },
  'the search for the owner': {
    file: 'processes/leader-socket.js',
    at: /export async function findOwner\(.*\{/,
    said: '',
  },
  'the place of the processes': {
    file: 'processes/service-group.js',
    at: /export function serviceGroup\(.*\{/,
    said: 'failed to set up the ways out',
  },
};

let copies: string;
beforeAll(async () => {
  copies = await mkdtemp(join(tmpdir(), 'apm-faults-'));
  await symlink(join(root, 'node_modules'), join(copies, 'node_modules'));
  await writeFile(join(copies, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rm(copies, { recursive: true, force: true }));

it.each(Object.entries(STAGES))(
  'lets the app answer on when %s throws, and says so once',
  async (stage, { file, at, said }) => {
    const dist = join(copies, stage.replaceAll(' ', '-'));
    await cp(join(root, 'dist'), dist, { recursive: true });
    const source = await readFile(join(dist, file), 'utf8');
    const broken = source.replace(at, (found) => `${found} throw new Error('injected');`);
    expect(broken).not.toBe(source);
    await writeFile(join(dist, file), broken);

    const app = await startApp('test/apps/faults/app.mjs', {
      flags: ['--import', pathToFileURL(join(dist, 'register.js')).href],
    });
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await (await fetch(app.url(`/users/${i}`))).text());
    expect(answers).toEqual(Array(20).fill('hello'));
    // The app ends as it wishes, after it has said all there is to say.
    expect(await (await fetch(app.url('/end'))).text()).toBe('hello');
    expect(await app.exit).toEqual({ code: 3, signal: null });
    const lines = app.stderr.split('\n').filter((line) => line.startsWith('[@org/apm] failed to'));
    expect(lines.length).toBe(said ? 1 : 0);
    expect(lines.join()).toContain(said);
    if (said) expect(app.stderr).toContain('Error: injected');
  },
);
