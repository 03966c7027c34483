import type { CallSource } from '../call-source.ts';
import { watchDriverFiles } from './driver-files.ts';
import { importPostgresQuery } from './postgres-esm.ts';
import { PostgresQueries } from './postgres-queries.ts';

/** postgres 3 (Postgres.js), which has its code twice: for `require` and for `import`. */
export const postgres: CallSource = {
  name: 'postgres',
  watch(options) {
    const queries = new PostgresQueries(options);
    const patch = (exports: unknown) => queries.patch(exports);
    const unwatch = watchDriverFiles([{ package: 'postgres', path: '/cjs/src/query.js', found: patch }]);
    importPostgresQuery(patch);
    return () => {
      unwatch();
      queries.stop();
    };
  },
};
