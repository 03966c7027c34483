// Calls other services: `/call?how=fetch&url=...` calls by one of CALLERS, and answers with the status or the error.
import http, { get, request } from 'node:http';
import https, { get as secureGet } from 'node:https';

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
  request: (url) => waitForStatus((done) => request(url, { method: 'POST' }, done)),
  get: (url) => waitForStatus((done) => get(url, done)),
  'https.request': (url) => waitForStatus((done) => https.request(url, { rejectUnauthorized: false }, done)),
  secureGet: (url) => waitForStatus((done) => secureGet(url, { rejectUnauthorized: false }, done)),
  options: (url) => waitForStatus((done) => http.request(optionsOf(url), done)),
  host: (url) => waitForStatus((done) => http.get({ ...optionsOf(url), hostname: undefined }, done)),
  'keep-alive': (url) => waitForStatus((done) => http.get({ ...optionsOf(url), agent: keepAlive }, done)),
  'secure options': (url) => waitForStatus((done) => https.get({ ...optionsOf(url), rejectUnauthorized: false }, done)),
  socket: (url) =>
    waitForStatus((done) => http.get({ socketPath: url.split('?')[1], path: new URL(url).pathname }, done)),
  fetch: async (url) => {
    const response = await fetch(url);
    await response.text();
    return response.status;
  },
};

const keepAlive = new http.Agent({ keepAlive: true });

/** The options that name the same as a URL. */
function optionsOf(url) {
  const { hostname, port, pathname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { hostname: host, host, path: pathname, ...(port && { port: Number(port) }) };
}

const server = http.createServer(async (incoming, response) => {
  const { searchParams } = new URL(incoming.url, 'http://outgoing');
  try {
    response.end(String(await CALLERS[searchParams.get('how')](searchParams.get('url'))));
  } catch (error) {
    response.end(error.cause?.code ?? error.code ?? error.message);
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
