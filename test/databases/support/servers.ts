import { inject, type TestContext } from 'vitest';
import { skipMissing } from '../../stack/support/skip-missing.ts';
import type { DatabaseAddress } from './database-server.ts';
import type { DatabaseName } from './programs.ts';

/**
 * The address of a database server that all tests of the project `databases` share. A test of a missing one is skipped with
 * the reason; with APM_REQUIRE_STACK=1 it fails.
 */
export function databaseServer(name: DatabaseName, test: TestContext): DatabaseAddress {
  const server = inject('databases')[name];
  return 'port' in server ? server : skipMissing(test, `${name} is missing: ${server.missing}`);
}
