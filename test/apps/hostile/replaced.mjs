// Replaces what many programs replace, before it listens: functions of Math, and how dates are written.
import { createServer } from 'node:http';

Math.log2 = () => 0;
Math.log = () => 0;
Date.prototype.toISOString = () => {
  throw new Error('no ISO times');
};
const server = createServer((_, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
