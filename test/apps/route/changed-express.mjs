// Express with the internals of an imagined new version: its layers inherit `handleRequest` from another prototype than
// the hooked one. It serves requests as before.
import { createRequire } from 'node:module';
import express from 'express';

const require = createRequire(createRequire(import.meta.url).resolve('express'));
const Layer = require('router/lib/layer.js');
const { handleRequest } = Layer.prototype;
delete Layer.prototype.handleRequest;
Object.setPrototypeOf(Layer.prototype, { handleRequest });

const app = express();
app.get('/users/:name', (_request, response) => response.send('user'));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
