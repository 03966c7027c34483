import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { root } from '../support/root.ts';
import { atEnd, shared } from '../support/shared.ts';
import { COMMANDS } from './commands.ts';
import { extractCommands } from './extract-commands.ts';

const found = await extractCommands();
const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

it('knows every command of the README', () => {
  const unknown = found.filter((command) => !(command in COMMANDS) && !/^npm run [\w:]+$/.test(command));
  expect(unknown, 'add them to test/readme/commands.ts').toEqual([]);
  expect(Object.keys(COMMANDS).filter((command) => !found.includes(command))).toEqual([]);
});

it('has the scripts that the README runs', () => {
  const named = found.flatMap((command) => /^npm run ([\w:]+)/.exec(command)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

const folder = shared(async () => {
  const path = await mkdtemp(join(tmpdir(), 'apm-readme-'));
  atEnd(() => rm(path, { recursive: true, force: true }));
  return path;
});

/** The folders that commands are pasted in: a clone with its build, and an app with the package in it. */
const places = shared(async () => {
  const [clone, app] = ['clone', 'app'].map((name) => join(folder(), name)) as [string, string];
  await mkdir(clone);
  for (const name of await readdir(root)) await symlink(join(root, name), join(clone, name));
  await mkdir(join(app, 'node_modules/@org'), { recursive: true });
  await symlink(root, join(app, 'node_modules/@org/apm'));
  await writeFile(join(app, 'package.json'), '{ "name": "shop", "scripts": { "start": "node app.js" } }');
  await writeFile(join(app, 'app.js'), "require('node:http').createServer((_, response) => response.end()).listen(0);");
  return { clone, app };
});

/** A running shop, and one that serves the metrics on its own port. */
const shops = shared(async () => {
  const ready = /^the shop is open at \S+:(\d+)$/m;
  const [shop, onApp] = await Promise.all([
    startApp('demo/service.mjs', { ready }),
    startApp('demo/service.mjs', { ready, env: { APM_METRICS_ON_APP: '/metrics' } }),
  ]);
  const { port } = new URL(await shop.metricsUrl());
  // The recordings need requests. One that is cut off at the end of the test does not matter.
  const traffic = setInterval(() => fetch(shop.url('/products')).catch(() => {}), 20);
  atEnd(() => clearInterval(traffic));
  return { PORT: port, APP: String(onApp.port), CLOSED: await freePort() };
});

/** Runs a command line as if it was pasted. It is ended with all its processes after the test. */
function paste(command: string, cwd: string) {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    // npx links a clone into its cache.
    npm_config_cache: join(folder(), 'npm'),
    npm_config_update_notifier: 'false',
    OTEL_EXPORTER_PROMETHEUS_PORT: shops().PORT,
  };
  const child: ChildProcess = spawn('sh', ['-c', command], { cwd, env, detached: true });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const closed = once(child, 'close').then(([code]) => code as number);
  onTestFinished(async () => {
    try {
      process.kill(-(child.pid as number), 'SIGTERM');
    } catch {
      // It has ended.
    }
    await closed;
  });
  return { output, closed };
}

describe('as it is pasted from the README', () => {
  it.each(found.filter((command) => command in COMMANDS && !('skip' in (COMMANDS[command] as object))))(
    '%s',
    async (command) => {
      const test = COMMANDS[command];
      if (test === undefined || 'skip' in test) throw new Error('it is filtered out');
      let changed = command;
      for (const [text, replacement] of Object.entries(test.change ?? {})) {
        expect(command).toContain(text);
        changed = changed.replace(
          text,
          replacement.replace(/PORT|APP|CLOSED/, (name) => shops()[name as 'PORT']),
        );
      }
      const { output, closed } = paste(changed, places()[test.place]);
      if ('start' in test) {
        await until(
          () => output.stdout + output.stderr,
          (text) => test.start.test(text),
        );
      } else {
        const code = await closed;
        expect({ code, ...output }).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(test.run),
        });
      }
    },
  );
});
