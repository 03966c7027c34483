// Two servers in one process: Express and node:https.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import express from 'express';

const app = express();
app.get('/users/:id', (_request, response) => response.send('hello'));
const server = app.listen(0, '127.0.0.1', () => {
  const pem = (name) => readFileSync(new URL(`../requests/localhost-${name}.pem`, import.meta.url));
  const secure = createServer({ key: pem('key'), cert: pem('cert') }, (_request, response) => response.end('hello'));
  secure.listen(0, '127.0.0.1', () => {
    console.log(`secure ${secure.address().port}`);
    console.log(`listening ${server.address().port}`);
  });
});
