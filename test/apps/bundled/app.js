// Starts measuring in code. `/end` closes the server, so that the process exits by itself.

import { setupApm } from '@org/apm';
import express from 'express';

setupApm({ port: 0 });
const app = express();
app.get('/users/:id', (request, response) => response.send(`hello ${request.params.id}`));
app.get('/end', (_, response) => {
  response.on('close', () => server.close());
  response.setHeader('Connection', 'close').send('hello');
});
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
