import type { CallSource } from '../call-source.ts';
import { watchDriverFiles } from './driver-files.ts';
import { Patches } from './patches.ts';
import { PgConnections } from './pg-connections.ts';
import { PgQueries } from './pg-queries.ts';

/**
 * pg 7 and later, which publishes nothing yet, with pg-pool. The bindings to libpq (`pg-native`) have other internals, and are
 * left alone.
 */
export const pg: CallSource = {
  name: 'pg',
  watch(options) {
    const patches = new Patches();
    const queries = new PgQueries(options, patches);
    const connections = new PgConnections(options, patches);
    const unwatch = watchDriverFiles([
      {
        package: 'pg',
        path: '/lib/client.js',
        found(exports) {
          queries.patch(exports);
          connections.patchClient(exports);
        },
      },
      { package: 'pg-pool', path: '/index.js', found: (exports) => connections.patchPool(exports) },
      // It exports a subclass of the pool, which another tool may have patched.
      {
        package: 'pg',
        path: '/lib/index.js',
        found: (exports) => connections.patchPool((exports as { Pool?: unknown }).Pool),
      },
    ]);
    return () => {
      unwatch();
      patches.restore();
    };
  },
};
