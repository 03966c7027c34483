// Like setup.mjs, in Express.
import express from 'express';
import { setupApm } from '../../../dist/index.js';

const apm = setupApm();
const app = express();
app.get('/metrics', apm.handler);
app.get('/users/:id', (request, response) => response.send(request.params.id));
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
