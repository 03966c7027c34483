// The instrument file that Sentry's guide asks for. FOLDER has the packages.
const { createRequire } = require('node:module');
const Sentry = createRequire(process.env.FOLDER)('@sentry/node');

Sentry.init({ dsn: process.env.DSN, tracesSampleRate: 1, release: '1' });
