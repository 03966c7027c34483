import { type ConfigOptions, loadConfig } from './config/load.ts';
import type { Config } from './config/variables.ts';
import { measure, type RunningApm } from './measure.ts';

type GlobalWithApm = typeof globalThis & { [RUNNING]?: RunningApm | undefined };
const RUNNING = Symbol.for('@org/apm running');

/** The one of this process, however many copies of this package are loaded into it; undefined before it is started. */
export const running = (): RunningApm | undefined => (globalThis as GlobalWithApm)[RUNNING];

/** Whether this process was started with the preload, which runs nothing before it serves. */
export const isPreloaded = (): boolean =>
  (globalThis as Record<symbol, unknown>)[Symbol.for('@org/apm preloaded')] === true;

/** Options in code: those of the variables, and the version of the service, which has no variable of its own. */
export type StartOptions = ConfigOptions & { readonly serviceVersion?: string };

/**
 * Starts measuring this process.
 * @param options given in code, where the app serves the metrics itself unless it asks for more; absent under the preload
 * @param asked   whether somebody will read the metrics whatever the configuration says
 */
export function start(options?: StartOptions, asked = options !== undefined): RunningApm {
  const config = loadStartConfig(options);
  const unread =
    !asked && config.metricsOnApp === undefined && config.exporters.every((exporter) => exporter === 'none');
  // Not kept, so that an app that asks for the metrics later still gets them.
  if (unread) return nothing;
  const apm = config.disabled ? nothing : allowRestart(measure(config, isPreloaded() ? 'preload' : 'setupApm'));
  (globalThis as GlobalWithApm)[RUNNING] = apm;
  return apm;
}

function loadStartConfig(options: StartOptions | undefined): Config {
  if (options === undefined) return loadConfig();
  const { serviceVersion, ...given } = options;
  const config = loadConfig(given, { exporters: ['none'] });
  if (serviceVersion === undefined) return config;
  return Object.freeze({
    ...config,
    resourceAttributes: { ...config.resourceAttributes, 'service.version': serviceVersion },
  });
}

const nothing: RunningApm = {
  metrics: async () => '',
  handler: (_, response) => void response.writeHead(200).end(),
  shutdown: async () => {},
  load() {},
  open() {},
  serverListens() {},
};

/** After its shutdown another may be started. */
function allowRestart(apm: RunningApm): RunningApm {
  const shutdown = () => {
    (globalThis as GlobalWithApm)[RUNNING] = undefined;
    return apm.shutdown();
  };
  return { ...apm, shutdown };
}
