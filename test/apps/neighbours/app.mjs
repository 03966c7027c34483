import http, { request } from 'node:http';
import https, { get as secureGet } from 'node:https';
import { createRequire } from 'node:module';
import start from './calls.cjs';

start({ http, https, request, secureGet, load: createRequire(import.meta.url) });
