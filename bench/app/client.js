// Makes calls by one client: of HTTP, or the driver of a database.
const answer = require('./answers.js');
const createCallWatcher = require('./call-watcher.js');

const PARALLEL_CALLS = 16;

async function callTimes(call, times) {
  let left = times;
  const callInTurn = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: PARALLEL_CALLS }, callInTurn));
}

async function start() {
  const watcher = createCallWatcher();
  // Before the driver is loaded, as under the preload.
  watcher.switch(true);
  const clients = { ...require('./database-drivers.js'), ...require('./http-clients.js') };
  const call = await clients[process.env.BENCH_CLIENT]();
  // The connection is open before anything is measured.
  await call();
  answer({
    /** @returns CPU time per call, microseconds, and how many of the calls were recorded */
    async calls({ times, isWatching }) {
      // Node compiles the driver's code anew once its channels change.
      if (watcher.switch(isWatching)) await callTimes(call, times / 2);
      const recordedBefore = watcher.count();
      const before = process.cpuUsage();
      await callTimes(call, times);
      const { user, system } = process.cpuUsage(before);
      return { us: (user + system) / times, recorded: watcher.count() - recordedBefore };
    },
    collect: () => globalThis.gc(),
  });
  process.send({ ready: true });
}

start();
