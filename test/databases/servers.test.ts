import { connect, type NetConnectOpts } from 'node:net';
import { expect, it } from 'vitest';
import { findProgram } from './support/find-program.ts';
import type { DatabaseName } from './support/programs.ts';
import { databaseServer } from './support/servers.ts';

/** What a server sends first, after it was sent this. */
function firstBytes(target: NetConnectOpts, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(target, () => socket.write(request));
    socket.once('error', reject).once('data', (data) => {
      socket.destroy();
      resolve(data);
    });
  });
}

/** The command `{ hello: 1, $db: 'admin' }` in MongoDB's protocol. */
const HELLO = Buffer.from(
  `34000000 01000000 00000000 dd070000 00000000 00 1f000000 10${hex('hello')}01000000 02${hex('$db')}06000000${hex('admin')}00`.replaceAll(
    ' ',
    '',
  ),
  'hex',
);

/** A text of MongoDB's protocol, which ends with a 0. */
function hex(text: string): string {
  return Buffer.from(`${text}\0`).toString('hex');
}

/** Asks PostgreSQL whether it speaks TLS; MariaDB speaks first. */
const GREETINGS: Record<DatabaseName, { request: Buffer; answer: RegExp }> = {
  ferretdb: { request: HELLO, answer: /isWritablePrimary/ },
  postgres: { request: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), answer: /^[NS]$/ },
  mariadb: { request: Buffer.alloc(0), answer: /MariaDB/ },
  redis: { request: Buffer.from('PING\r\n'), answer: /^\+PONG\r\n$/ },
};

it.for(Object.keys(GREETINGS) as DatabaseName[])('starts %s on its port and its socket', async (name, test) => {
  const { port, socket } = databaseServer(name, test);
  const { request, answer } = GREETINGS[name];
  for (const target of [{ port, host: '127.0.0.1' }, { path: socket }]) {
    expect((await firstBytes(target, request)).toString('latin1')).toMatch(answer);
  }
});

it('says how to install a program that is missing', () => {
  expect(() => findProgram('no-such-program', 'some-package')).toThrow(
    'no-such-program is not installed; install it with: apt-get install some-package',
  );
});
