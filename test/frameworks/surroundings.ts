import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPackages } from '../packages/install.ts';
import { TRACERS } from '../packages/tools.ts';

/**
 * What else may be in a process, or be missing from it.
 * @property flags   for Node, before ours
 * @property blind   whether a framework's first request cannot be observed there, so that its routes may be guessed
 */
export interface Surroundings {
  readonly name: string;
  readonly flags: () => Promise<readonly string[]>;
  readonly env?: Readonly<Record<string, string>>;
  readonly blind?: true;
}

/** A flag for a tracer that is loaded before us, from a folder that is not the app's. */
async function required(module: string): Promise<readonly string[]> {
  const folder = await installPackages(TRACERS);
  return ['--require', createRequire(join(folder, 'package.json')).resolve(module)];
}

export const SURROUNDINGS: readonly Surroundings[] = [
  {
    name: 'beside dd-trace',
    flags: () => required('dd-trace/init'),
    env: {
      DD_TRACE_STARTUP_LOGS: 'false',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
    },
  },
  {
    name: "beside OpenTelemetry's own instrumentations",
    flags: () => required('@opentelemetry/auto-instrumentations-node/register'),
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  },
  {
    name: 'with the permissions to read and nothing else',
    flags: async () => ['--experimental-permission', '--allow-fs-read=*'],
  },
  { name: 'with frozen intrinsics', flags: async () => ['--frozen-intrinsics'], blind: true },
];
