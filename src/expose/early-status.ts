import type { AppPackage } from '../config/app-package.ts';
import { serviceName, serviceVersion, UNKNOWN_SERVICE } from '../config/service.ts';
import type { Config } from '../config/variables.ts';
import type { ApmStatus } from '../status.ts';
import { buildStatus, type MeasuredStatus } from './status.ts';

/** The status until the SDK is loaded: nothing is scraped, merged or pushed yet. */
export function buildEarlyStatus(measured: MeasuredStatus, config: Config, app: AppPackage | undefined): ApmStatus {
  const attributes = {
    'service.name': serviceName(config, app) ?? UNKNOWN_SERVICE,
    'service.version': serviceVersion(config, app),
  };
  return buildStatus(measured, { config, attributes, group: undefined, push: undefined });
}
