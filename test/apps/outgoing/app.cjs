// As app.mjs, in CommonJS. `early` was taken out of its module before there was anything to measure with.
const http = require('node:http');
const { request: early } = require('node:http');

const answered = (start) =>
  new Promise((resolve, reject) => {
    const call = start((response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    call.on('error', reject).end();
  });

const WAYS = {
  'http.request': (url) => answered((done) => http.request(url, done)),
  'http.get': (url) => answered((done) => http.get(url, done)),
  late: (url) => answered((done) => require('node:http').get(url, done)),
  early: (url) => answered((done) => early(url, done)),
  fetch: async (url) => (await fetch(url)).status,
};

const server = http.createServer(async (incoming, response) => {
  const { searchParams } = new URL(incoming.url, 'http://outgoing');
  try {
    response.end(String(await WAYS[searchParams.get('how')](searchParams.get('url'))));
  } catch (error) {
    response.end(error.cause?.code ?? error.code ?? error.message);
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
