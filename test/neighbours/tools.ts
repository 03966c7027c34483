import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPackages } from '../packages/install.ts';
import type { PackageSet } from '../packages/package-set.ts';
import { SENTRY_10, SENTRY_11, TRACERS } from '../packages/tools.ts';
import { root } from '../support/root.ts';

/**
 * A tool that traces outgoing calls, outside of the app's folder and its package.json.
 * @property program  the file that starts it, for CommonJS and, where it is another one, for ES modules
 * @property esm      how it is loaded for ES modules; by default `--import`
 */
export interface Tool {
  readonly set: PackageSet;
  readonly program: string | { readonly cjs: string; readonly esm: string };
  readonly esm?: '--require';
  readonly env: Readonly<Record<string, string>>;
}

const OTEL = {
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '100',
  OTEL_NODE_RESOURCE_DETECTORS: 'none',
};
const DATADOG = {
  DD_TRACE_STARTUP_LOGS: 'false',
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  DD_REMOTE_CONFIGURATION_ENABLED: 'false',
  DD_TRACE_EXPERIMENTAL_EXPORTER: 'log',
};
const app = (file: string) => join(root, 'test/apps/neighbours', file);

export const TOOLS: Readonly<Record<string, Tool>> = {
  // For ES modules the operator's line sees no `import`: `fetch` is traced there, and `http` is not.
  'an OpenTelemetry SDK that an operator injects': {
    set: TRACERS,
    program: '@opentelemetry/auto-instrumentations-node/register',
    esm: '--require',
    env: OTEL,
  },
  'an OpenTelemetry SDK that another package wraps': {
    set: TRACERS,
    program: app('wrapped-sdk.cjs'),
    env: OTEL,
  },
  'Sentry 10': { set: SENTRY_10, program: app('sentry.cjs'), env: {} },
  'Sentry 11': { set: SENTRY_11, program: app('sentry.cjs'), env: {} },
  'dd-trace': {
    set: TRACERS,
    program: { cjs: 'dd-trace/init', esm: 'dd-trace/initialize.mjs' },
    env: DATADOG,
  },
};

/** Installs a tool. @returns the path of its program, and its environment */
export async function installTool({ set, program, env }: Tool, kind: 'cjs' | 'esm') {
  const folder = join(await installPackages(set), 'package.json');
  const name = typeof program === 'string' ? program : program[kind];
  return { program: createRequire(folder).resolve(name), env: { ...env, FOLDER: folder } };
}
