/**
 * The payment provider: a third-party service that usually answers within 20 ms, and sometimes stalls for two seconds.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** One call in 33 stalls. These 3 % hardly move the mean, but p99 shows them: it hides only the slowest 1 %. */
const CALLS_PER_STALL = 33;

const randomBetween = (from, to) => from + Math.random() * (to - from);

/**
 * Of every 33 calls exactly one stalls, at a random position. With a random choice for each call, a short demo might
 * see no stall at all.
 * @returns whether the next call stalls
 */
function createStallPicker() {
  let call = -1;
  let unlucky = 0;
  return () => {
    call = (call + 1) % CALLS_PER_STALL;
    if (call === 0) unlucky = Math.floor(randomBetween(0, CALLS_PER_STALL));
    return call === unlucky;
  };
}

/** @returns its URL (on any free port by default), and a function that closes it */
export async function startPayments({ host = 'localhost', port = 0 } = {}) {
  const stall = createStallPicker();
  const server = createServer(async (request, response) => {
    request.resume();
    // `ref: false`: a customer who still waits must not keep the demo running.
    await wait(stall() ? randomBetween(1500, 2500) : randomBetween(5, 20), undefined, { ref: false });
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
