// An app with fake timers, as sinon and vitest install them. It answers with the timers that were created since.
import { createServer } from 'node:http';

const created = [];
for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
  globalThis[name] = (_, delay) => {
    created.push(`${name} ${delay}`);
    return { unref() {}, ref() {} };
  };
}
const server = createServer((_, response) => response.end(created.join()));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
