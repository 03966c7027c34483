const http = require('node:http');
const { Redis } = require('ioredis');
const pg = require('pg');

import(process.env.SERVE).then(({ serve }) => serve({ http, pg, Redis }));
