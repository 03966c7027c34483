require('@org/apm').setupApm({ port: 0 });
require('./app.cjs');
