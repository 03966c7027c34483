import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Program, ProgramName } from '../../stack/programs.ts';
import { run } from '../../stack/run.ts';
import { root } from '../support/root.ts';

/** Creates the environment of a machine with an empty cache and only these scripts on PATH. */
async function createMachine(scripts: Record<string, string> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'apm-machine-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const bin = join(home, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const cache = join(home, 'cache/apm-stack');
  const env = { PATH: bin, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  return { home, cache, env };
}

/** Calls `findProgram` in a process with this environment. */
async function findProgramOn(env: NodeJS.ProcessEnv, name: ProgramName): Promise<Program> {
  const code = `import { findProgram } from './stack/programs.ts'; console.log(JSON.stringify(await findProgram('${name}')));`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const { stdout } = await run(process.execPath, args, { cwd: root, env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const FAKE_GO = `echo "go $*" >> "$HOME/builds"
sleep 1
printf '#!/bin/sh\necho version 3.16.0\n' > "$GOBIN/prometheus"
chmod +x "$GOBIN/prometheus"`;

const NO_GO = 'go is not installed; install Go 1.26 or newer from https://go.dev/dl';

it('uses a program on PATH that has the needed version', async () => {
  const { env } = await createMachine({ prometheus: 'echo "prometheus, version 3.5.0 (branch: HEAD)" ' });
  expect(await findProgramOn(env, 'prometheus')).toEqual({ name: 'prometheus', path: 'prometheus', version: '3.5.0' });
});

it('reports why a program is missing when Go is not installed', async () => {
  const { env } = await createMachine({ prometheus: 'echo "prometheus, version 2.42.0+ds (branch: HEAD)" >&2' });
  expect(await findProgramOn(env, 'system-prometheus')).toEqual({
    name: 'system-prometheus',
    path: 'prometheus',
    version: '2.42.0',
  });
  expect(await findProgramOn(env, 'prometheus')).toEqual({
    name: 'prometheus',
    missing: `prometheus on PATH is 2.42.0, and 3.0 or newer, before 4 is needed; building 3.16.0 failed:\n${NO_GO}`,
  });
  expect(await findProgramOn(env, 'collector')).toEqual({
    name: 'collector',
    missing: `otelcol-contrib is not installed; building 0.159.0 failed:\n${NO_GO}`,
  });
});

it.each([
  ['2.30.0', '2.42 or newer, before 4'],
  ['4.1.0', '2.42 or newer, before 4'],
])('reports which version the distribution must ship when it ships %s', async (version, range) => {
  const { env } = await createMachine({ promtool: `echo "promtool, version ${version} (branch: HEAD)"` });
  expect(await findProgramOn(env, 'system-promtool')).toEqual({
    name: 'system-promtool',
    missing: `promtool on PATH is ${version}, and ${range} is needed; install one with: apt-get install prometheus`,
  });
});

it('does not use a program that is newer than the tests support', async () => {
  const { env } = await createMachine({
    prometheus: 'echo "prometheus, version 4.0.0"',
    'otelcol-contrib': 'echo "otelcol-contrib version 0.160.0"',
  });
  expect(await findProgramOn(env, 'prometheus')).toEqual({
    name: 'prometheus',
    missing: `prometheus on PATH is 4.0.0, and 3.0 or newer, before 4 is needed; building 3.16.0 failed:\n${NO_GO}`,
  });
  expect(await findProgramOn(env, 'collector')).toEqual({
    name: 'collector',
    missing: `otelcol-contrib on PATH is 0.160.0, and 0.159 or newer, before 0.160 is needed; building 0.159.0 failed:\n${NO_GO}`,
  });
});

it("reports Go's error when a build fails, and leaves no files", async () => {
  const { env, cache } = await createMachine({
    go: 'echo half > "$GOBIN/prometheus"; echo "dial tcp: no route" >&2; exit 1',
  });
  expect(await findProgramOn(env, 'prometheus')).toEqual({
    name: 'prometheus',
    missing: 'prometheus is not installed; building 3.16.0 failed:\ndial tcp: no route',
  });
  expect(await readdir(cache)).toEqual([]);
});

it('builds a program once for concurrent and later callers', async () => {
  const { env, cache, home } = await createMachine({ go: FAKE_GO });
  const built = { name: 'prometheus', path: join(cache, 'prometheus-3.16.0/prometheus'), version: '3.16.0' };
  const three = await Promise.all([1, 2, 3].map(() => findProgramOn(env, 'prometheus')));
  expect([...three, await findProgramOn(env, 'prometheus')]).toEqual([built, built, built, built]);
  expect((await readFile(join(home, 'builds'), 'utf8')).split('\n')).toEqual([
    expect.stringMatching(/^go install .* github\.com\/prometheus\/prometheus\/cmd\/prometheus@v0\.316\.0$/),
    '',
  ]);
  expect(await readdir(cache)).toEqual(['prometheus-3.16.0']);
});

it('does not wait for a build whose process has ended', async () => {
  const { env, cache } = await createMachine({ go: FAKE_GO });
  await mkdir(cache, { recursive: true });
  const { stdout } = await run(process.execPath, ['--print', 'process.pid']);
  await writeFile(join(cache, 'prometheus-3.16.0.lock'), stdout.trim());
  expect(await findProgramOn(env, 'prometheus')).toMatchObject({ version: '3.16.0' });
});

it('does not wait for a build that ended before it wrote its pid to the lock', async () => {
  const { env, cache } = await createMachine({ go: FAKE_GO });
  const lock = join(cache, 'prometheus-3.16.0.lock');
  await mkdir(cache, { recursive: true });
  await writeFile(lock, '');
  const aMinuteAgo = Date.now() / 1000 - 60;
  await utimes(lock, aMinuteAgo, aMinuteAgo);
  expect(await findProgramOn(env, 'prometheus')).toMatchObject({ version: '3.16.0' });
});

const TEST = ['node_modules/vitest/vitest.mjs', 'run', 'test/stack/config.test.ts', '-t', 'promtool finds no problem'];

it('skips the tests of a missing program with the reason, or fails them with APM_REQUIRE_STACK=1', async () => {
  const { env } = await createMachine();
  const reason = `promtool is missing: promtool is not installed; building 3.16.0 failed:\n${NO_GO}`;
  const { stdout } = await run(process.execPath, TEST, { cwd: root, env });
  expect(stdout).toContain(
    `skipped "promtool finds no problem in the configuration of Prometheus and in its rules": ${reason}`,
  );
  const required = run(process.execPath, TEST, { cwd: root, env: { ...env, APM_REQUIRE_STACK: '1' } });
  await expect(required).rejects.toThrow(`APM_REQUIRE_STACK=1, and ${reason.split('\n')[0]}`);
});

it('reports which folder to delete when a built program does not run', async () => {
  const { env, cache } = await createMachine({ go: FAKE_GO });
  const folder = join(cache, 'prometheus-3.16.0');
  await mkdir(folder, { recursive: true });
  expect(await findProgramOn(env, 'prometheus')).toEqual({
    name: 'prometheus',
    missing: `${join(folder, 'prometheus')} is not installed; delete ${folder} to build it again`,
  });
});
