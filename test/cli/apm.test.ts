import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../support/root.ts';
import { apm } from './run.ts';

it('prints its commands and its version', async () => {
  const help = `Usage: apm <command> [options]

  doctor    checks whether a running process is measured, and says how to fix problems
  compare   tests whether a service became faster or slower, and by how much
  report    lists the slowest endpoints, the widest tails and where the time went
  rules     prints recording and alert rules for Prometheus
  snapshot  saves scrapes of a running process for apm compare

  apm <command> --help   shows the options of a command
  apm --version          prints the version
`;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const flag of ['--help', '-h']) expect(await apm([flag])).toEqual({ code: 0, stdout: help, stderr: '' });
  for (const flag of ['--version', '-v']) {
    expect(await apm([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  }
  const { code, stdout, stderr } = await apm(['doctor', '--help']);
  expect([code, stdout.split('\n')[0], stderr]).toEqual([0, 'Usage: apm doctor [URL|PORT] [--json]', '']);
});

const PORT_ZERO = { OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
const BAD_TOKEN = { APM_AUTH_TOKEN: 'correct horse' };

it.each<[string[], Record<string, string>, string]>([
  [[], {}, 'apm: no command; see apm --help'],
  [['heal'], {}, 'apm: unknown command "heal"; see apm --help'],
  [['constructor'], {}, 'apm: unknown command "constructor"; see apm --help'],
  [['doctor', '--port=1'], {}, "apm doctor: Unknown option '--port'; see apm doctor --help"],
  [['doctor', '1', '2'], {}, 'apm doctor: expected one URL or PORT; got 2; see apm doctor --help'],
  [['doctor', 'shop'], {}, 'apm doctor: expected a URL or a port; got "shop"; see apm doctor --help'],
  [['doctor', '65536'], {}, 'apm doctor: expected a URL or a port; got "65536"; see apm doctor --help'],
  [
    ['doctor', 'http://:s3cret@localhost'],
    {},
    'apm doctor: expected a URL without user, password or query; the token goes into APM_AUTH_TOKEN; see apm doctor --help',
  ],
  [
    ['doctor'],
    PORT_ZERO,
    'apm doctor: OTEL_EXPORTER_PROMETHEUS_PORT is 0, so the port is unknown; give the URL that the app logged; see apm doctor --help',
  ],
  [
    ['doctor'],
    BAD_TOKEN,
    'apm doctor: APM_AUTH_TOKEN: expected a bearer token: letters, digits and -._~+/, with = at the end; see apm doctor --help',
  ],
])('reports a usage error in one line: %j %j', async (args, env, line) => {
  expect(await apm(args, env)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
});

it.runIf(existsSync('/dev/full'))('fails with exit code 2 when its output cannot be written', async () => {
  const file = await open('/dev/full', 'w');
  onTestFinished(() => file.close());
  const child = spawn(process.execPath, [join(root, 'dist/cli/apm.js'), '--help'], {
    stdio: ['ignore', file.fd, 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'close')]);
  expect([code, stderr]).toEqual([2, 'apm: cannot write output: ENOSPC: no space left on device, write\n']);
});
