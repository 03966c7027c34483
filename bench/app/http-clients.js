// One call of each client of HTTP: how it is made is the same for every variant.
const http = require('node:http');

const url = `http://127.0.0.1:${process.env.BENCH_TARGET_PORT}/target`;

/** Each returns a function that makes one call. Connections stay open. */
module.exports = {
  'http.get'() {
    const agent = new http.Agent({ keepAlive: true });
    return () =>
      new Promise((resolve, reject) => {
        http.get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
      });
  },
  fetch: () => async () => void (await (await fetch(url)).text()),
};
