// A company's own package around an OpenTelemetry SDK, so that the app's package.json has no trace of it.
const { createRequire } = require('node:module');
const load = createRequire(process.env.FOLDER);
const { getNodeAutoInstrumentations } = load('@opentelemetry/auto-instrumentations-node');
const { NodeSDK } = createRequire(load.resolve('@opentelemetry/auto-instrumentations-node'))('@opentelemetry/sdk-node');

new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] }).start();
