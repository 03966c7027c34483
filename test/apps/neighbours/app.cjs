const http = require('node:http');
const https = require('node:https');

require('./calls.cjs')({
  http,
  https,
  request: (...args) => http.request(...args),
  secureGet: (...args) => https.get(...args),
  load: require,
});
