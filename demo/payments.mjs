/** The payment provider: somebody else's service, quick as a rule, and now and then stuck for two seconds. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** One call in so many stalls: 3 %, too few to move the mean much, three times what p99 tolerates. */
const ONE_IN = 33;

const between = (from, to) => from + Math.random() * (to - from);

/** Which call of each 33 stalls is left to chance, but one does: a short demonstration sees its share too. */
function stalls() {
  let call = -1;
  let unlucky = 0;
  return () => {
    call = (call + 1) % ONE_IN;
    if (call === 0) unlucky = Math.floor(between(0, ONE_IN));
    return call === unlucky;
  };
}

/** @returns where it listens (any free port unless one is given), and how to close it */
export async function startPayments({ host = 'localhost', port = 0 } = {}) {
  const stall = stalls();
  const server = createServer(async (request, response) => {
    request.resume();
    // Without ref: a customer still waiting holds up no end of the demo.
    await wait(stall() ? between(1500, 2500) : between(5, 20), undefined, { ref: false });
    response.setHeader('content-type', 'application/json').end('{"charged":true}');
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
