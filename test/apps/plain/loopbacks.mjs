// Prints what its metrics server answers at each loopback address. Then it closes its server, and exits by itself.
import { createServer, get } from 'node:http';

const server = createServer((_, response) => response.end('hello'));
server.listen(0, '127.0.0.1', async () => {
  const port = Number(process.env.OTEL_EXPORTER_PROMETHEUS_PORT);
  const found = {};
  for (const host of ['127.0.0.1', '[::1]', 'localhost'])
    found[host] = await statusAt(`http://${host}:${port}/metrics`);
  console.log(`listening ${server.address().port}\nfound ${JSON.stringify(found)}`);
  server.close();
});

/** The status of the first answer; the error where there is none once another address has answered. */
async function statusAt(url) {
  for (let attempt = 0; ; attempt++) {
    const status = await new Promise((resolve) => {
      get(url, { agent: false }, (response) => resolve(response.resume().statusCode)).on('error', ({ code }) =>
        resolve(code),
      );
    });
    if (status === 200 || attempt === 100) return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
