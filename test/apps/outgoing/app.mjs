// Calls other services in every way there is: `/call?how=...&url=...` answers with the status it got, or the error.
import http, { get, request } from 'node:http';
import https, { get as secureGet } from 'node:https';

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
  request: (url) => answered((done) => request(url, { method: 'POST' }, done)),
  get: (url) => answered((done) => get(url, done)),
  'https.request': (url) => answered((done) => https.request(url, { rejectUnauthorized: false }, done)),
  secureGet: (url) => answered((done) => secureGet(url, { rejectUnauthorized: false }, done)),
  fetch: async (url) => {
    const response = await fetch(url);
    await response.text();
    return response.status;
  },
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
