import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../support/root.ts';
import { apm } from './run.ts';

it('says what commands there are, and its version', async () => {
  const help = `Usage: apm <command> [options]

  doctor    says whether a running process is measured, and what to do where it is not
  compare   says whether a service has become faster, by how much, and whether that is more than chance
  report    says of a period which endpoints were slowest, had the widest tails, and where the time went
  rules     prints recording and alert rules for Prometheus
  snapshot  saves scrapes of a running process, for apm compare

  apm <command> --help   says more of a command
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
  [[], {}, 'apm: no command given; see apm --help'],
  [['heal'], {}, 'apm: there is no command "heal"; see apm --help'],
  [['constructor'], {}, 'apm: there is no command "constructor"; see apm --help'],
  [['doctor', '--port=1'], {}, "apm doctor: Unknown option '--port'; see apm doctor --help"],
  [['doctor', '1', '2'], {}, 'apm doctor: one URL or PORT at a time; see apm doctor --help'],
  [['doctor', 'shop'], {}, 'apm doctor: expected a URL or a port, given "shop"; see apm doctor --help'],
  [['doctor', '65536'], {}, 'apm doctor: expected a URL or a port, given "65536"; see apm doctor --help'],
  [
    ['doctor', 'http://:s3cret@localhost'],
    {},
    'apm doctor: a URL without user and query is expected; APM_AUTH_TOKEN has the token; see apm doctor --help',
  ],
  [
    ['doctor'],
    PORT_ZERO,
    'apm doctor: OTEL_EXPORTER_PROMETHEUS_PORT is 0, which may be any port; give the URL the app printed; see apm doctor --help',
  ],
  [
    ['doctor'],
    BAD_TOKEN,
    'apm doctor: APM_AUTH_TOKEN: expected a bearer token: letters, digits and -._~+/, with = at the end; see apm doctor --help',
  ],
])('answers bad usage with one line: %j %j', async (args, env, line) => {
  expect(await apm(args, env)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
});

it.runIf(existsSync('/dev/full'))('a full disk is not a success: what it says was not written', async () => {
  const file = await open('/dev/full', 'w');
  onTestFinished(() => file.close());
  const child = spawn(process.execPath, [join(root, 'dist/cli/apm.js'), '--help'], {
    stdio: ['ignore', file.fd, 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'close')]);
  expect([code, stderr]).toEqual([2, 'apm: what it says cannot be written: ENOSPC: no space left on device, write\n']);
});
