// Preloaded: gives Express 5 the router that it had before 2.3, which keeps nothing of the paths it is given.
const { createRequire } = require('node:module');

require('router22');
const router = createRequire(require.resolve('express')).resolve('router');
require.cache[router] = require.cache[require.resolve('router22')];
