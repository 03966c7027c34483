import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PROTOCOL } from '../../src/processes/handshake.ts';
import { until } from '../support/exposition.ts';
import { byPath, createTmp, socketIn, startGroup, startOne, statusAt } from './faults.ts';
import { ask, expectScrape, Service } from './group.ts';

/** Messages of @org/apm with protocol 1. They must not change, because processes that send them are in use. */
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

it('refuses a process with another protocol in a message that it understands, and logs that once', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(1, { env: { TMPDIR: tmp } });
  const helloOf = (protocol: number, pid: string) =>
    `${JSON.stringify({ type: 'hello', hello: { protocol, settings: '5c7a', pid, program: { script: 'a.js' } } })}\n`;
  for (const hello of [OLD_HELLO, OLD_HELLO, helloOf(PROTOCOL - 1, '4712'), helloOf(PROTOCOL + 1, '4713')]) {
    const socket = connect(await socketIn(tmp));
    onTestFinished(() => void socket.destroy());
    socket.write(hello);
    const answer = await lineOf(socket);
    // Protocol 1 reads these two properties of the answer.
    expect(answer.welcome).toBeUndefined();
    expect(answer.refused).toBe('it runs another version of @org/apm');
  }
  await ask(apps[0].port, 2, '/ann');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(apps[0].stderr.split('\n').filter((line) => line.includes('not merged'))).toEqual([
    '[@org/apm] process 4711 is not merged into these metrics: it runs another version of @org/apm',
  ]);
});

it('understands the refusal of a leader with protocol 1, and takes over the port when that leader has exited', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(1, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await apps[0].kill();
  await rm(path);

  const hellos: unknown[] = [];
  const metricsServer = createHttpServer().listen({ port: Number(service.port), host: 'localhost' });
  const oldLeader = createServer((socket) => {
    socket.on('error', () => {});
    lineOf(socket).then((message) => {
      hellos.push(message.hello);
      socket.end(OLD_REFUSAL);
    });
  }).listen(path);
  const close = () => {
    metricsServer.close();
    oldLeader.close();
  };
  onTestFinished(close);
  await Promise.all([once(metricsServer, 'listening'), once(oldLeader, 'listening')]);

  const app = await startOne(service, { env: { TMPDIR: tmp } });
  const url = await app.metricsUrl();
  await ask(app.port, 3, '/bob');
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  expect(app.stderr).toContain(`port ${service.port} has the metrics of another process`);
  // Protocol 1 compares the protocol, and logs the pid.
  expect(hellos[0]).toMatchObject({ protocol: PROTOCOL, settings: expect.any(String), pid: String(app.child.pid) });

  close();
  await until(
    async () => byPath(await service.scrape()),
    (found) => found['/bob'] === 3,
  );
});

it('does not merge a process with other settings until the leader has exited', async () => {
  const service = await Service.create();
  const leader = await startOne(service);
  await leader.waitForOutput(/metrics at/);
  const env = { APM_BUCKETS: '1,2' };
  const refused = await startOne(service, { env });
  const url = await refused.metricsUrl();
  await ask(leader.port, 2, '/ann');
  await ask(refused.port, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  const { warnings } = await statusAt(service.port);
  expect(warnings.map(({ text }) => text)).toEqual([
    `process ${refused.child.pid} is not merged into these metrics: its settings differ (APM_BUCKETS, APM_METRIC_NAMES, APM_METRIC_PREFIX, APM_LABELS, APM_METRICS_PATH or APM_AUTH_TOKEN)`,
  ]);
  expect(refused.stderr).toContain(`port ${service.port} has the metrics of another process`);

  await leader.kill('SIGKILL');
  await until(
    async () => byPath(await service.scrape()),
    (found) => found['/bob'] === 3,
  );
  const next = await startOne(service, { env });
  await ask(next.port, 4, '/cid');
  await expectScrape(() => service.merged(2), { '/bob': 3, '/cid': 4 }, byPath);
});

it('joins, once a leader accepts it, with everything it has counted and shown at its own port', async () => {
  const service = await Service.create();
  const leader = await startOne(service);
  await leader.waitForOutput(/metrics at/);
  const env = { APM_BUCKETS: '1,2' };
  const refused = [await startOne(service, { env }), await startOne(service, { env })] as const;
  const sent: Record<string, number> = { '/bob': 0, '/cid': 0 };
  // While both are scraped at their own ports, one of them claims the port of the leader, and the other one joins it.
  let isOver = false;
  const scraping = Promise.all(
    refused.map(async (app) => {
      const url = await app.metricsUrl();
      while (!isOver)
        await fetch(url)
          .then((response) => response.text())
          .catch(() => '');
    }),
  );
  const send = async () => {
    for (const [i, path] of ['/bob', '/cid'].entries()) {
      await ask(refused[i]?.port as number, 5, path);
      sent[path] = (sent[path] ?? 0) + 5;
    }
  };
  await send();
  await leader.kill('SIGKILL');
  while (!(await service.scrape()).includes('apm_processes 2\n')) await send();
  isOver = true;
  await scraping;
  await send();
  expect(
    await until(
      async () => byPath(await service.scrape()),
      (found) => found['/cid'] === sent['/cid'],
    ),
  ).toEqual(sent);
});
