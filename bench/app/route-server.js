// The app of the routes measurement, the same for every variant: `node route-server.js express`.
const answer = require('./answers.js');
const probes = require('./probes.js');
const sendRequests = require('./in-process-load.js');
const { servers } = require('./routes.js');

const [, , name] = process.argv;

Promise.resolve(servers[name]()).then((server) => {
  server.listen(0, '127.0.0.1', () => process.send({ listening: server.address().port }));
  // Connections must survive the longest pause between two rounds.
  server.keepAliveTimeout = 120_000;
  answer({
    ...probes,
    /** For the variant whose preload defines this function. */
    switchContext: ({ isOn }) => globalThis.benchSwitchContext(isOn),
    drive: ({ requests }) => sendRequests(server, requests),
  });
});
