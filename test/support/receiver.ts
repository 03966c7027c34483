import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { onTestFinished } from 'vitest';
import { type ExportedMetric, type ExportRequest, metricsOf } from './otlp.ts';

const schema = protobuf.loadSync(fileURLToPath(new URL('metrics.proto', import.meta.url)));
const requestType = schema.lookupType('opentelemetry.ExportMetricsServiceRequest');

function decode(body: Uint8Array): ExportRequest {
  return requestType.toObject(requestType.decode(body), { longs: Number }) as ExportRequest;
}

/** One push that the receiver accepted. */
export interface Push {
  path: string;
  headers: IncomingHttpHeaders;
  resource: Record<string, unknown>;
  metrics: Record<string, ExportedMetric>;
}

export interface ReceiverOptions {
  /** Options of node:https, for a receiver with TLS. */
  tls?: { key: string; cert: string; ca?: string; requestCert?: boolean };
  /** The port of an earlier receiver; a free one by default. */
  port?: number;
}

/** A receiver of OTLP metrics by HTTP. It keeps the pushes that it accepts. `answer` makes it refuse pushes or hang. */
export class Receiver {
  readonly pushes: Push[] = [];
  /** Pushes that arrived, accepted or not. */
  arrived = 0;
  /** The highest number of pushes in flight. */
  maxConcurrent = 0;
  /** The status it answers with; `hang` never answers. */
  answer: number | 'hang' = 200;
  url = '';
  #inFlight = 0;
  #server: ReturnType<typeof createServer>;

  constructor({ tls }: ReceiverOptions) {
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#receive(request, response);
    this.#server = tls ? createSecureServer(tls, listener) : createServer(listener);
  }

  async listen({ tls, port }: ReceiverOptions): Promise<this> {
    this.#server.listen(port ?? 0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `${tls ? 'https' : 'http'}://localhost:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get last(): Push | undefined {
    return this.pushes.at(-1);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.maxConcurrent = Math.max(this.maxConcurrent, ++this.#inFlight);
    response.on('close', () => this.#inFlight--);
    const body = await buffer(request);
    const { answer } = this;
    this.arrived++;
    if (answer === 'hang') return;
    if (answer === 200) {
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const json = request.headers['content-type'] === 'application/json';
      const message: ExportRequest = json ? JSON.parse(plain.toString()) : decode(plain);
      this.pushes.push({ path: request.url ?? '', headers: request.headers, ...metricsOf(message) });
    }
    response.writeHead(answer, { 'Content-Type': request.headers['content-type'] });
    response.end(request.headers['content-type'] === 'application/json' ? '{}' : undefined);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}

/** Starts a receiver. It is closed after the test. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await new Receiver(options).listen(options);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** Starts a receiver of OTLP by gRPC. It is closed after the test. */
export async function startGrpcReceiver({ tls }: ReceiverOptions = {}): Promise<{ url: string; pushes: Push[] }> {
  const pushes: Push[] = [];
  const path = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
  const server = new GrpcServer();
  server.addService(
    {
      Export: {
        path,
        requestStream: false,
        responseStream: false,
        requestDeserialize: decode,
        requestSerialize: () => Buffer.alloc(0),
        responseSerialize: () => Buffer.alloc(0),
        responseDeserialize: () => ({}),
      },
    },
    {
      Export(
        call: { request: ExportRequest; metadata: { getMap(): object } },
        done: (error: null, reply: object) => void,
      ) {
        pushes.push({ path, headers: call.metadata.getMap() as IncomingHttpHeaders, ...metricsOf(call.request) });
        done(null, {});
      },
    },
  );
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) }])
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  onTestFinished(() => server.forceShutdown());
  return { url: `${tls ? 'https' : 'http'}://localhost:${port}`, pushes };
}
