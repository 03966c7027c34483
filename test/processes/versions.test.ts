import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../support/exposition.ts';
import { byPath, ownTmp, socketIn, startGroup, startOne } from './faults.ts';
import { ask, Service } from './group.ts';

/** As @org/apm of protocol 1 writes and reads it. These texts never change: such processes are out there. */
const OLD_HELLO = '{"hello":{"protocol":1,"settings":"5c7a","pid":"4711"}}\n';
const OLD_REFUSAL = '{"refused":"that process is of another version of @org/apm"}\n';

/** The first line that the other end sends, as JSON. */
function lineOf(socket: Socket): Promise<Record<string, unknown>> {
  let text = '';
  return new Promise((resolve) => {
    socket.on('data', (data) => {
      text += data;
      if (text.includes('\n')) resolve(JSON.parse(text));
    });
  });
}

it('refuses a process with protocol 1 in words that it understands, and says so in one line', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(1, { env: { TMPDIR: tmp } });
  for (let i = 0; i < 2; i++) {
    const socket = connect(await socketIn(tmp));
    onTestFinished(() => void socket.destroy());
    socket.write(OLD_HELLO);
    const answer = await lineOf(socket);
    // Protocol 1 looks for these two properties and at nothing else.
    expect(answer.welcome).toBeUndefined();
    expect(answer.refused).toBe('it runs another version of @org/apm');
  }
  await ask(apps[0].port, 2, '/ann');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(apps[0].stderr.split('\n').filter((line) => line.includes('not merged'))).toEqual([
    '[@org/apm] process 4711 is not merged into these metrics: it runs another version of @org/apm',
  ]);
});

it('understands the refusal of a leader with protocol 1, and takes over its port when it is gone', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(1, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await apps[0].kill();
  await rm(path);

  const hellos: unknown[] = [];
  const metricsPort = createHttpServer().listen({ port: Number(service.port), host: 'localhost' });
  const oldLeader = createServer((socket) => {
    socket.on('error', () => {});
    lineOf(socket).then((message) => {
      hellos.push(message.hello);
      socket.end(OLD_REFUSAL);
    });
  }).listen(path);
  const close = () => {
    metricsPort.close();
    oldLeader.close();
  };
  onTestFinished(close);
  await Promise.all([once(metricsPort, 'listening'), once(oldLeader, 'listening')]);

  const app = await startOne(service, { env: { TMPDIR: tmp } });
  const url = await app.metricsUrl();
  await ask(app.port, 3, '/bob');
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  expect(app.stderr).toContain(`port ${service.port} has the metrics of another process`);
  // Protocol 1 compares the number, and names the process in its own log line.
  expect(hellos[0]).toMatchObject({ protocol: 2, settings: expect.any(String), pid: String(app.child.pid) });

  close();
  await until(
    async () => byPath(await service.scrape()),
    (found) => found['/bob'] === 3,
  );
});

it('merges processes of the same version', async () => {
  const service = await Service.create();
  const [one, two] = [await startOne(service), await startOne(service)];
  await ask(one.port, 1, '/ann');
  await ask(two.port, 2, '/bob');
  expect(byPath(await service.merged(2))).toEqual({ '/ann': 1, '/bob': 2 });
  expect(one.stderr + two.stderr).not.toContain('not merged');
});
