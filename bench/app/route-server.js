// The app under every variant of the routes measurement: `node routed.js express`.
const answer = require('./answers.js');
const drive = require('./in-process-load.js');
const { servers } = require('./routes.js');

const [, , name] = process.argv;

Promise.resolve(servers[name]()).then((server) => {
  server.listen(0, '127.0.0.1', () => process.send({ listening: server.address().port }));
  answer({ drive: ({ requests }) => drive(server, requests) });
});
