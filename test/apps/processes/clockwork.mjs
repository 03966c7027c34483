// A test of an app that fakes the clock, as sinon and vitest do: while it serves, every timer made belongs to the test.
import { createServer } from 'node:http';

const made = [];
for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
  globalThis[name] = (_, delay) => {
    made.push(`${name} ${delay}`);
    return { unref() {}, ref() {} };
  };
}
const server = createServer((_, response) => response.end(made.join()));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
