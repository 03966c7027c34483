// Makes calls by one client: of HTTP, or the driver of a database. It listens, because only a process that serves is measured.
const http = require('node:http');
const answer = require('./answers.js');
const clients = { ...require('./database-drivers.js'), ...require('./http-clients.js') };

const PARALLEL_CALLS = 16;

async function callTimes(call, times) {
  let left = times;
  const callInTurn = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: PARALLEL_CALLS }, callInTurn));
}

async function start() {
  const call = await clients[process.env.BENCH_CLIENT]();
  // The connection is open before anything is measured.
  await call();
  const server = http.createServer((_request, response) => response.end());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  answer({
    /** @returns CPU time per call, microseconds */
    async calls({ times }) {
      const before = process.cpuUsage();
      await callTimes(call, times);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / times;
    },
    /** A process is faster before its first garbage collections, which every app has had that loads something. */
    async warmUp({ times, collections }) {
      for (let i = 0; i < collections; i++) {
        await callTimes(call, times / collections);
        globalThis.gc();
      }
    },
  });
  process.send({ listening: server.address().port });
}

start();
