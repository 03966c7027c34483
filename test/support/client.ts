import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** A request with a path that is sent unchanged: `fetch` would normalize it. */
export interface RawRequest {
  /** `GET /users/ann` */
  readonly line: string;
  readonly headers?: Readonly<IncomingHttpHeaders>;
  readonly body?: string;
}

/** Sends requests to one server over keep-alive connections. */
export class Client {
  readonly #agent: Agent;

  constructor(connections = 32) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns the status, once the complete answer has arrived */
  send(port: number, sent: string | RawRequest): Promise<number> {
    const { line, headers = {}, body } = typeof sent === 'string' ? { line: sent } : sent;
    const [method, path] = line.split(' ');
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, method, path, headers: { ...headers }, agent: this.#agent }, (response) => {
        response
          .resume()
          .on('error', reject)
          .on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
