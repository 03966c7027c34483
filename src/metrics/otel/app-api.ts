import * as ownApi from '@opentelemetry/api';
import { type AppPackage, createAppRequire } from '../../config/app-package.ts';

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
