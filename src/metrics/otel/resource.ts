import { randomBytes, randomUUID } from 'node:crypto';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { AppPackage } from '../../config/app-package.ts';
import { serviceName } from '../../config/service.ts';
import type { Config } from '../../config/variables.ts';

const INSTANCE_ID = 'service.instance.id';

/**
 * The resource: the environment's attributes, else those of the app's package.json. It always has an instance id, because
 * without one the series of two processes that push would be the same. Where one is given, it is given to every process
 * with this environment (a cluster, PM2, containers of one template), so each that pushes appends something of its own. It
 * is random: containers have the same pid, and with `hostNetwork` the same host name too.
 * @see https://opentelemetry.io/docs/specs/semconv/resource/#service
 */
export function createResource(config: Config, app: AppPackage | undefined): Resource {
  const name = serviceName(config, app);
  const { [INSTANCE_ID]: given, ...others } = config.resourceAttributes;
  return defaultResource().merge(
    resourceFromAttributes({
      ...(app?.version !== undefined && { 'service.version': app.version }),
      [INSTANCE_ID]: createInstanceId(given, config),
      ...others,
      ...(name !== undefined && { 'service.name': name }),
    }),
  );
}

function createInstanceId(given: string | undefined, { exporters }: Config): string {
  if (given === undefined) return randomUUID();
  return exporters.includes('otlp') ? `${given}-${randomBytes(4).toString('hex')}` : given;
}
