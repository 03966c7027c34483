import type { AppPackage } from './app-package.ts';
import type { Config } from './variables.ts';

/** The name that OpenTelemetry gives to a service without one. */
export const UNKNOWN_SERVICE = 'unknown_service:node';

/** The name of the service: a setting, else the name of the app's package. Undefined where there is neither. */
export function serviceName(config: Config, app: AppPackage | undefined): string | undefined {
  return config.serviceName ?? config.resourceAttributes['service.name'] ?? app?.name;
}

/** The version of the service: a setting, else the version of the app's package. Undefined where there is neither. */
export function serviceVersion(config: Config, app: AppPackage | undefined): string | undefined {
  return config.resourceAttributes['service.version'] ?? app?.version;
}
