import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { JsonLines } from '../../src/processes/json-lines.ts';

const JSON_LINES = new URL('../../dist/processes/json-lines.js', import.meta.url).href;

/** A process that connects, and at the first message sends its last lines and exits. */
const exiting = (lines: number) => `
  import { connect } from 'node:net';
  import { JsonLines } from '${JSON_LINES}';
  const socket = connect(process.argv[1]);
  const lines = new JsonLines(socket, () => {
    lines.sendAll(Array(${lines}).keys());
    process.exit();
  }, () => {});
`;

/** Blocks this process, which then reads and writes nothing. */
const block = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

async function connected(lines: number): Promise<{ socket: Socket; child: ChildProcess }> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-lines-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'socket');
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const args = ['--input-type=module', '-e', exiting(lines), path];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const [socket] = (await once(server, 'connection')) as [Socket];
  return { socket, child };
}

it.each([
  { what: 'one line', late: 1 },
  { what: 'many lines', late: 3 },
])('receives the last lines of a process that exits before it is sent $what', async ({ late }) => {
  const { socket, child } = await connected(1000);
  const exit = once(child, 'exit');
  const received: unknown[] = [];
  const failure = await new Promise<Error | undefined>((resolve) => {
    const lines = new JsonLines(socket, (message) => received.push(message), resolve);
    lines.send('go');
    // The process exits while this one reads nothing: its lines are still to be read when the write to it fails.
    setImmediate(() => {
      block(1_000);
      for (let i = 0; i < late; i++) lines.send('too late');
    });
  });
  expect(failure).toBeUndefined();
  expect(await exit).toEqual([0, null]);
  expect(received).toEqual([...Array(1000).keys()]);
});

it('closes the connection to a process that has exited, and sends nothing more', async () => {
  const { socket } = await connected(1);
  let closed = 0;
  const lines = new JsonLines(
    socket,
    () => {},
    () => closed++,
  );
  lines.send('go');
  await once(socket, 'close');
  lines.send('too late');
  expect({ closed, isOpen: lines.isOpen, isDrained: lines.isDrained }).toEqual({
    closed: 1,
    isOpen: false,
    isDrained: false,
  });
});
