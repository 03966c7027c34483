// The app of the routes measurement, the same for every variant: `node route-server.js express`.
const answer = require('./answers.js');
const sendRequests = require('./in-process-load.js');
const { servers } = require('./routes.js');

const [, , name] = process.argv;

Promise.resolve(servers[name]()).then((server) => {
  server.listen(0, '127.0.0.1', () => process.send({ listening: server.address().port }));
  answer({
    drive: ({ requests }) => sendRequests(server, requests),
    /** A process is faster before its first garbage collections, which every app has had that loads something. */
    async warmUp({ requests, collections }) {
      for (let i = 0; i < collections; i++) {
        await sendRequests(server, requests / collections);
        globalThis.gc();
      }
    },
  });
});
