import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readAppPackage } from '../../src/config/app-package.ts';
import { loadConfig } from '../../src/config/load.ts';
import { checkProgram, differenceBetween, type Program, readProgram } from '../../src/processes/program.ts';

const PROCESS: Program = {
  script: 'api',
  release: '1',
  version: '1.0.0',
  pid: 10,
  parent: 1,
  cluster: false,
  pids: 'pid:[1]',
};

it.each<[what: string, other: Partial<Program>, difference: 'script' | 'release' | undefined]>([
  ['another process of the same program', { pid: 11 }, undefined],
  ['another script', { pid: 11, script: 'admin' }, 'script'],
  ['another release', { pid: 11, release: '2' }, 'release'],
  ['a fork that runs another script', { pid: 11, parent: 10, script: 'worker' }, undefined],
  ['the parent, which runs another script', { pid: 1, parent: 0, script: 'main' }, undefined],
  ['a thread of another script and package', { script: 'worker', release: '2' }, undefined],
  ['a fork of the same script in a new release', { pid: 11, parent: 10, release: '2' }, 'release'],
  ['another child of a supervisor', { pid: 11, script: 'admin', parent: 1 }, 'script'],
  ['a process with the same pids in another container', { script: 'admin', pids: 'pid:[2]' }, 'script'],
])('decides whether to merge %s', (_, other, difference) => {
  expect(differenceBetween(PROCESS, { ...PROCESS, ...other })).toBe(difference);
  expect(differenceBetween({ ...PROCESS, ...other }, PROCESS)).toBe(difference);
});

it('merges the workers of one cluster, whatever scripts they run, and not those of another one', () => {
  const worker = { ...PROCESS, cluster: true };
  expect(differenceBetween(worker, { ...worker, pid: 11, script: 'other' })).toBeUndefined();
  expect(differenceBetween(worker, { ...worker, pid: 11, script: 'other', parent: 2 })).toBe('script');
});

it.each([
  null,
  7,
  {},
  { ...PROCESS, script: 7 },
  { ...PROCESS, version: 'a\nb' },
  { ...PROCESS, version: 'x'.repeat(1_000) },
  { ...PROCESS, pid: '7' },
  { ...PROCESS, pids: undefined },
])('rejects the malformed program %j of another process', (program) => {
  expect(() => checkProgram(program)).toThrow();
});

/** The program of a process that was started so, in a new folder with these files. */
function programOf(files: Record<string, string>, args: readonly string[], env: Record<string, string> = {}): Program {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'apm-program-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { argv } = process;
  const cwd = process.cwd();
  const { pm_exec_path } = process.env;
  const [script, ...others] = args;
  try {
    process.chdir(folder);
    process.argv = [process.execPath, join(folder, script as string), ...others];
    if (env.pm_exec_path !== undefined) process.env.pm_exec_path = join(folder, env.pm_exec_path);
    return readProgram(loadConfig({}, {}, env), readAppPackage());
  } finally {
    process.argv = argv;
    process.chdir(cwd);
    if (pm_exec_path === undefined) delete process.env.pm_exec_path;
  }
}

const APP = { 'package.json': '{"name":"shop","version":"1.0.0"}', 'api.js': '', 'admin.js': '' };
const sameScript = (one: Program, other: Program) => one.script === other.script;

it('takes the same script in another folder for the same program in another release', () => {
  const [one, other] = [programOf(APP, ['api.js']), programOf(APP, ['api.js'])];
  expect(differenceBetween(one, { ...other, pid: 0 })).toBe('release');
  expect(one.version).toBe('1.0.0');
  expect(sameScript(one, programOf(APP, ['admin.js']))).toBe(false);
});

it('tells programs apart that a command of a dependency runs, by their file or their package', () => {
  const files = { ...APP, 'node_modules/runner/bin.js': '' };
  const run = (...args: string[]) => programOf(files, ['node_modules/runner/bin.js', ...args]);
  expect(sameScript(run('api.js'), run('api.js', '--port', '3000'))).toBe(true);
  expect(sameScript(run('api.js'), run('admin.js'))).toBe(false);
  expect(sameScript(run('start'), run('start', '-p', '3000'))).toBe(true);
  const other = programOf({ ...files, 'package.json': '{"name":"pay"}' }, ['node_modules/runner/bin.js', 'start']);
  expect(sameScript(run('start'), other)).toBe(false);
});

it('takes the script that PM2 runs for the program, not that of PM2', () => {
  const files = {
    ...APP,
    'node_modules/pm2/lib/ProcessContainer.js': '',
    'node_modules/pm2/lib/ProcessContainerFork.js': '',
  };
  const run = (container: string, script: string) =>
    programOf(files, [`node_modules/pm2/lib/${container}.js`], { pm_exec_path: script });
  expect(sameScript(run('ProcessContainer', 'api.js'), run('ProcessContainerFork', 'api.js'))).toBe(true);
  expect(sameScript(run('ProcessContainer', 'api.js'), programOf(APP, ['api.js']))).toBe(true);
  expect(sameScript(run('ProcessContainer', 'api.js'), run('ProcessContainer', 'admin.js'))).toBe(false);
});

it('takes APM_GROUP for program and release', () => {
  const [one, other] = ['api.js', 'admin.js'].map((script) => programOf(APP, [script], { APM_GROUP: 'shop' }));
  expect(differenceBetween(one as Program, { ...(other as Program), pid: 0 })).toBeUndefined();
});

it('makes a version printable that other processes would refuse', () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: `service.version=${encodeURIComponent(`1\n${'x'.repeat(500)}`)}` };
  const program = programOf(APP, ['api.js'], env);
  expect(checkProgram(program)).toEqual(program);
});
