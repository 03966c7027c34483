import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { countEnded, serversStatus } from '../../src/route/servers.ts';

it('counts the requests of each server: all, the answered ones, those with a route, and those without any', async () => {
  const [one, other] = [createServer(), createServer()];
  for (const server of [one, other]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
  }
  for (const routed of [true, true, false]) countEnded(one, { path: '/users/:id', routed }, 399);
  countEnded(one, { path: 'unmatched', routed: false }, 400);
  countEnded(other, { path: 'other', routed: true }, 200);
  expect(serversStatus().map(({ requests }) => requests)).toEqual([
    { ended: 4, answered: 3, routed: 2, unmatched: 1 },
    { ended: 1, answered: 1, routed: 1, unmatched: 0 },
  ]);
});
