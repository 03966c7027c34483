// Measures the first request of a server. Some frameworks can be found and hooked only during that request.
import { once } from 'node:events';
import { connect } from 'node:net';
import { added } from './format.mjs';
import { assertRoutes, startRouteServer } from './route-server.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { noAdapters, ours } from './variants.mjs';

const VARIANTS = [ours, noAdapters, { ...noAdapters, name: 'noAdaptersAgain' }];
const SERVERS = {
  express: 'Express 5',
  wrapped: 'Express 5 in a function',
  fastify: 'Fastify 5',
  plain: 'no framework',
};

/** Milliseconds from the request to its answer, without the time to connect. */
async function measureAnswer(port) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  let received = '';
  const start = performance.now();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  for await (const chunk of socket) {
    received += chunk;
    if (received.endsWith('}')) break;
  }
  const ms = performance.now() - start;
  socket.destroy();
  if (!received.startsWith('HTTP/1.1 200')) throw new Error(`expected an answer with status 200, got: ${received}`);
  return ms;
}

async function measureFirst(variant, name) {
  const server = await startRouteServer(variant, name);
  const ms = await measureAnswer(server.port);
  await assertRoutes(variant, server, 1);
  await server.stop();
  return ms;
}

/** @returns a row for each kind of server */
export async function measureFirstRequests(starts) {
  const rows = [];
  for (const [name, title] of Object.entries(SERVERS)) {
    const rounds = new Rounds();
    for (let i = 0; i < starts; i++) {
      const round = {};
      for (const variant of shuffled(VARIANTS)) round[variant.name] = await measureFirst(variant, name);
      rounds.add(round);
    }
    const ms = (variant) => rounds.of((round) => round[variant] - round.noAdapters);
    rows.push({
      what: `first request, added by the adapters, ${title}`,
      budget: '<= 5 ms',
      cells: {
        ours: added(ms('ours'), 'ms'),
        again: added(ms('noAdaptersAgain'), 'ms'),
      },
      met: ms('ours').median <= 5,
    });
  }
  return rows;
}
