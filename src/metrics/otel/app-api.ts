import * as ownApi from '@opentelemetry/api';
import { type AppPackage, createAppRequire } from '../../config/app-package.ts';

/** Where all copies of @opentelemetry/api keep their registrations. */
const REGISTRATIONS = Symbol.for('opentelemetry.js.api.1');

/** What is registered globally; undefined where nothing is. The API itself cannot be asked: it then returns a no-op. */
export function registeredGlobal(kind: 'diag' | 'metrics' | 'trace' | 'propagation' | 'context'): unknown {
  return (globalThis as Record<symbol, Record<string, unknown> | undefined>)[REGISTRATIONS]?.[kind];
}

/**
 * The copy of @opentelemetry/api for global registrations: the app's own one where it depends on it. A copy ignores
 * globals that an older copy registered, and all registrations of a process must come from one version.
 */
export function apiOf(app: AppPackage | undefined): typeof ownApi {
  if (app?.dependencies?.['@opentelemetry/api'] === undefined) return ownApi;
  try {
    return createAppRequire(app)('@opentelemetry/api');
  } catch {
    return ownApi;
  }
}
