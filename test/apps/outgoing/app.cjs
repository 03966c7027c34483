// Like app.mjs, in CommonJS. `destructured` is the function from before the app had a server.
const http = require('node:http');
const { request: destructured } = require('node:http');

const waitForStatus = (start) =>
  new Promise((resolve, reject) => {
    const call = start((response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    call.on('error', reject).end();
  });

const CALLERS = {
  'http.request': (url) => waitForStatus((done) => http.request(url, done)),
  'http.get': (url) => waitForStatus((done) => http.get(url, done)),
  required: (url) => waitForStatus((done) => require('node:http').get(url, done)),
  destructured: (url) => waitForStatus((done) => destructured(url, done)),
  fetch: async (url) => (await fetch(url)).status,
};

const server = http.createServer(async (incoming, response) => {
  const { searchParams } = new URL(incoming.url, 'http://outgoing');
  try {
    response.end(String(await CALLERS[searchParams.get('how')](searchParams.get('url'))));
  } catch (error) {
    response.end(error.cause?.code ?? error.code ?? error.message);
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
