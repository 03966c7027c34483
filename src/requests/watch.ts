import { watchHttp1 } from './http1.ts';
import { watchHttp2 } from './http2.ts';
import type { AnyServer, RequestSink } from './record.ts';

export interface RequestWatch {
  /** Tells of a server that listens. */
  addServer(server: AnyServer): void;
  /** No request that arrives from now on is seen; those that arrived before still end. */
  stop(): void;
}

/** Watches all HTTP servers of this process: exactly one record for each request, whatever ended it. */
export function watchRequests(sink: RequestSink): RequestWatch {
  const stopHttp1 = watchHttp1(sink);
  const http2 = watchHttp2(sink);
  return {
    addServer: http2.addServer,
    stop() {
      stopHttp1();
      http2.stop();
    },
  };
}
