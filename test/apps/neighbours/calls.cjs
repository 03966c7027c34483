// What the apps of this folder do at each request: `/call?how=fetch` calls HTTP_URL or HTTPS_URL, with `how` as path, and
// `/start` starts the tracer of the environment, as an app does whose tracer starts late.
module.exports = ({ http, https, request, secureGet, load }) => {
  const waitForEnd = (start) =>
    new Promise((resolve, reject) => {
      start((response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
  const { HTTP_URL, HTTPS_URL, TRACER } = process.env;
  const insecure = { rejectUnauthorized: false };
  const callers = {
    'http.request': () => waitForEnd((done) => request(`${HTTP_URL}/http.request`, done)),
    'http.get': () => waitForEnd((done) => http.get(`${HTTP_URL}/http.get`, done)),
    'https.request': () => waitForEnd((done) => https.request(`${HTTPS_URL}/https.request`, insecure, done)),
    'https.get': () => waitForEnd((done) => secureGet(`${HTTPS_URL}/https.get`, insecure, done)),
    fetch: async () => (await fetch(`${HTTP_URL}/fetch`)).text(),
  };
  const server = http.createServer(async (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url, 'http://neighbours');
    try {
      if (pathname === '/start') load(TRACER);
      else await callers[searchParams.get('how')]();
      response.end('done');
    } catch (error) {
      response.writeHead(500).end(error.stack);
    }
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
};
