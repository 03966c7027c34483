import { createServer } from 'node:http';
import { Ignitor } from '@adonisjs/core';

const importer = (path) => import(path);
const ignitor = new Ignitor(new URL('./', import.meta.url), { importer });
await ignitor.httpServer().start((listener) => createServer(listener));
console.log('listening', process.env.PORT);
