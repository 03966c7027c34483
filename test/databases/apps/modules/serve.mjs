import { Session } from 'node:inspector';
import { createRequire } from 'node:module';

const { POSTGRES_PORT, REDIS_PORT } = process.env;
const HOST = '127.0.0.1';

/** Serves `/calls`, which calls this server, PostgreSQL and Redis, and `/modules`, which tells what is loaded. */
export function serve({ http, pg, Redis }) {
  const pool = new pg.Pool({ host: HOST, port: Number(POSTGRES_PORT), user: 'apm', database: 'postgres' });
  const redis = new Redis({ host: HOST, port: Number(REDIS_PORT) });
  const server = http.createServer(async ({ url }, response) => {
    if (url === '/calls') await callAll();
    response.end(url === '/modules' ? JSON.stringify(loadedFiles()) : '');
  });

  async function callAll() {
    const { port } = server.address();
    const url = `http://${HOST}:${port}/called`;
    await new Promise((resolve) => http.get(url, (answer) => answer.resume().on('end', resolve)));
    await (await fetch(url)).text();
    await pool.query('SELECT 1');
    await redis.get('key');
  }

  server.listen(0, HOST, () => console.log(`listening ${server.address().port}`));
}

/** The paths and URLs of all loaded files. Node lists only those of CommonJS, and V8 only those whose code is still needed. */
function loadedFiles() {
  const files = new Set(Object.keys(createRequire(import.meta.url).cache));
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => files.add(params.url));
  session.post('Debugger.enable');
  session.disconnect();
  return [...files];
}
