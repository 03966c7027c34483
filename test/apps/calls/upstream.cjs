// Records outgoing calls with OpenTelemetry's own instrumentations, in the form of recorder.cjs.
const { join } = require('node:path');
const load = (name) => require(join(__dirname, '../../../node_modules/@opentelemetry', name));
const { HttpInstrumentation } = load('instrumentation-http');
const { UndiciInstrumentation } = load('instrumentation-undici');

const ended = [];
function record(seconds, attributes) {
  const host = String(attributes['server.address']).replace(/^\[|\]$/g, '');
  const port = attributes['server.port'];
  ended.push({
    target: {
      host: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
      operation: attributes['http.request.method'],
    },
    status: attributes['http.response.status_code'],
    seconds,
  });
}
const meter = new Proxy(
  {},
  { get: () => (name) => ({ record: name === 'http.client.request.duration' ? record : () => {} }) },
);
for (const Instrumentation of [HttpInstrumentation, UndiciInstrumentation]) {
  new Instrumentation({ disableIncomingRequestInstrumentation: true }).setMeterProvider({ getMeter: () => meter });
}

globalThis.upstream = { take: async () => ended.splice(0) };
