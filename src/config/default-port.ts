import type { AppPackage } from './app-package.ts';
import { VARIABLES } from './variables.ts';

/** Packages that open a metrics server on port 9464 once the app uses them. */
const ALWAYS = ['@opentelemetry/exporter-prometheus'];
/** Packages that do so where `OTEL_METRICS_EXPORTER` asks for it, which this package reads as well. */
const FOR_PROMETHEUS = ['@opentelemetry/sdk-node', '@opentelemetry/auto-instrumentations-node'];

/**
 * The port of the metrics server where none is set: the next one after 9464 where the app depends on a package that may
 * take 9464 later. Such an exporter does not try another port, so it would serve nothing. The dependencies decide and not
 * a free port, so that all processes of an app have the same one.
 */
export function defaultPort(app: AppPackage | undefined, env: NodeJS.ProcessEnv = process.env): number {
  const { fallback } = VARIABLES.port;
  const exporters = (env.OTEL_METRICS_EXPORTER ?? '').split(',').map((name) => name.trim());
  const packages = exporters.includes('prometheus') ? [...ALWAYS, ...FOR_PROMETHEUS] : ALWAYS;
  const { dependencies, optionalDependencies } = app ?? {};
  const isInstalled = (name: string) => (dependencies?.[name] ?? optionalDependencies?.[name]) !== undefined;
  return packages.some(isInstalled) ? fallback + 1 : fallback;
}
