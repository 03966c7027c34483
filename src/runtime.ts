import type { RunningApm } from './apm.ts';
import { log } from './base/log.ts';
import { readAppPackage } from './config/app-package.ts';
import { defaultPort } from './config/default-port.ts';
import { type ConfigOptions, loadConfig } from './config/load.ts';
import { serviceName, serviceVersion, UNKNOWN_SERVICE } from './config/service.ts';
import { splitLabels } from './config/setup-labels.ts';
import type { SetupOptions } from './config/setup-options.ts';
import type { Config } from './config/variables.ts';
import { createDisabledApm } from './disabled.ts';
import { measure } from './measure.ts';
import type { ApmStatus } from './status.ts';

type GlobalWithApm = typeof globalThis & { [RUNNING]?: RunningApm | undefined };
const RUNNING = Symbol.for('@org/apm running');

/** The instance of this process, shared by all copies of this package in it. Undefined before it is started. */
export const running = (): RunningApm | undefined => (globalThis as GlobalWithApm)[RUNNING];

/** Whether this process was started with the preload. The preload starts nothing until a server listens. */
export const isPreloaded = (): boolean =>
  (globalThis as Record<symbol, unknown>)[Symbol.for('@org/apm preloaded')] === true;

/**
 * Starts measuring this process.
 * @param options options in code; undefined under the preload
 * @param isRead  whether the app reads the metrics in code, so that they are needed even without an exporter
 */
export function start(options?: SetupOptions, isRead = options !== undefined): RunningApm {
  const config = options === undefined ? loadConfig({}, readDefaults()) : loadSetupConfig(options);
  const startedBy = isPreloaded() ? 'preload' : 'setupApm';
  const isExported = config.metricsOnApp !== undefined || config.exporters.some((exporter) => exporter !== 'none');
  // Not stored as the running instance, so that an app that calls `setupApm` later still gets metrics.
  if (!isRead && !isExported) return createDisabled(config, startedBy);
  const apm = config.disabled ? createDisabled(config, startedBy) : restartable(measure(config, startedBy));
  if (options !== undefined && isGiven(options.ignore)) apm.ignoreWhere(options.ignore);
  (globalThis as GlobalWithApm)[RUNNING] = apm;
  return apm;
}

/** Defaults that depend on the app. */
const readDefaults = () => ({ port: defaultPort(readAppPackage()) });

/** The configuration of `setupApm`. The app serves the metrics itself, unless the options ask for the metrics server. */
function loadSetupConfig({ serviceVersion, ignore: _, labels, ...others }: SetupOptions): Config {
  const { texts, functions } = splitLabels(labels);
  const options = { ...others, ...(texts !== undefined && { labels: texts }) };
  const serverOptions = (['port', 'host', 'metricsPath'] as const).filter((key) => isGiven(options[key]));
  const asksForServer = serverOptions.length > 0 && !isGiven(options.exporters);
  const loaded = loadConfig(options satisfies ConfigOptions, {
    ...readDefaults(),
    ...(!asksForServer && { exporters: ['none'] }),
  });
  const config = Object.freeze({ ...loaded, labels: { ...loaded.labels, ...functions } });
  if (asksForServer && !config.exporters.includes('prometheus') && !config.disabled) {
    log.warn(
      `setupApm({ ${serverOptions.join(', ')} }): no metrics server is opened, because OTEL_METRICS_EXPORTER is ${config.exporters}; add prometheus to it, or pass exporters`,
      'setting',
    );
  }
  if (!isGiven(serviceVersion)) return config;
  return Object.freeze({
    ...config,
    resourceAttributes: { ...config.resourceAttributes, 'service.version': String(serviceVersion) },
  });
}

/** An option that is undefined, null or empty counts as not given. */
export const isGiven = (option: unknown): boolean => option !== undefined && option !== null && option !== '';

function createDisabled(config: Config, startedBy: ApmStatus['startedBy']): RunningApm {
  const app = readAppPackage();
  const service = {
    name: serviceName(config, app) ?? UNKNOWN_SERVICE,
    version: serviceVersion(config, app) ?? null,
  };
  return createDisabledApm({ startedBy, service, maxPaths: config.maxPaths });
}

/** Makes room for another instance when this one is shut down. */
function restartable(apm: RunningApm): RunningApm {
  const shutdown = () => {
    if (running() === instance) (globalThis as GlobalWithApm)[RUNNING] = undefined;
    return apm.shutdown();
  };
  const instance: RunningApm = { ...apm, shutdown };
  return instance;
}
