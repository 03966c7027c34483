import { randomUUID } from 'node:crypto';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { AppPackage } from '../../config/app-package.ts';
import { serviceName } from '../../config/service.ts';
import type { Config } from '../../config/variables.ts';

/**
 * The resource: the environment's attributes, else those of the app's package.json. It always has an instance id, because
 * without one the series of two processes that push would be the same.
 * @see https://opentelemetry.io/docs/specs/semconv/resource/#service
 */
export function createResource(config: Config, app: AppPackage | undefined): Resource {
  const name = serviceName(config, app);
  return defaultResource().merge(
    resourceFromAttributes({
      ...(app?.version !== undefined && { 'service.version': app.version }),
      'service.instance.id': randomUUID(),
      ...config.resourceAttributes,
      ...(name !== undefined && { 'service.name': name }),
    }),
  );
}
