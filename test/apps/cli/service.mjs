// A service with a child process. Both write their pid to PIDS. With STUBBORN, both ignore SIGTERM.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { SHOP_PORT, PIDS, STUBBORN, DELAY = '0' } = process.env;
const childCode = 'process.on(process.env.STUBBORN ? "SIGTERM" : "none", () => {}); setInterval(() => {}, 1000)';
const child = spawn(process.execPath, ['-e', childCode], { stdio: 'ignore' });
if (STUBBORN) process.on('SIGTERM', () => {});
const server = createServer((request, response) => {
  if (request.url === '/crash') throw new Error('out of stock');
  setTimeout(() => response.end('sold'), Number(DELAY));
});
server.listen(Number(SHOP_PORT), '127.0.0.1', () => {
  appendFileSync(PIDS, `${process.pid}\n${child.pid}\n`);
});
