import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { JsonLines } from '../../src/processes/json-lines.ts';

const LINES = 100;

/** A process that connects, and at the first message sends its last lines and exits. */
const EXITING = `
  const socket = require('node:net').connect(process.argv[1]);
  socket.once('data', () => {
    for (let i = 0; i < ${LINES}; i++) socket.write(JSON.stringify(i) + '\\n');
    process.exit();
  });
`;

it('receives the last lines of a process that exits just before it is sent something', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apm-lines-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'socket');
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const child = spawn(process.execPath, ['-e', EXITING, path], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const [socket] = (await once(server, 'connection')) as [Socket];
  const received: unknown[] = [];
  await new Promise<void>((resolve) => {
    const lines = new JsonLines(
      socket,
      (message) => received.push(message),
      () => resolve(),
    );
    lines.send('go');
    // The process exits while this one reads nothing: its lines and the end of its connection arrive together.
    setImmediate(() => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
      lines.sendAfterReading('too late');
    });
  });
  expect(received).toEqual(Array.from({ length: LINES }, (_, i) => i));
});
