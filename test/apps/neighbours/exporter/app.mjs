// Has a PrometheusExporter of its own: before it serves (`early`), or from GET /start on, which answers with what came of it.
import { createServer } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const startExporter = () =>
  new Promise((resolve) => {
    const exporter = new PrometheusExporter({}, (error) => resolve(error === undefined ? 'serves' : String(error)));
    new MeterProvider({ readers: [exporter] });
  });

if (process.argv[2] === 'early') console.log(`exporter ${await startExporter()}`);
const server = createServer(async (request, response) => {
  response.end(request.url === '/start' ? await startExporter() : 'hello');
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
