import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPackages } from '../packages/install.ts';
import { TRACERS } from '../packages/tools.ts';

/**
 * Other software or restrictions in a process.
 * @property flags   flags for Node, before ours
 * @property blind   set if a framework's first request cannot be observed there, so that its routes may be guessed
 */
export interface Surroundings {
  readonly name: string;
  readonly flags: () => Promise<readonly string[]>;
  readonly env?: Readonly<Record<string, string>>;
  readonly blind?: true;
}

/** The flags that load a tracer before us, from a folder other than the app's. */
async function requireTracer(module: string): Promise<readonly string[]> {
  const folder = await installPackages(TRACERS);
  return ['--require', createRequire(join(folder, 'package.json')).resolve(module)];
}

export const SURROUNDINGS: readonly Surroundings[] = [
  {
    name: 'beside dd-trace',
    flags: () => requireTracer('dd-trace/init'),
    env: {
      DD_TRACE_STARTUP_LOGS: 'false',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
    },
  },
  {
    name: "beside OpenTelemetry's own instrumentations",
    flags: () => requireTracer('@opentelemetry/auto-instrumentations-node/register'),
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  },
  {
    name: 'with permission only to read files',
    flags: async () => ['--experimental-permission', '--allow-fs-read=*'],
  },
  { name: 'with frozen intrinsics', flags: async () => ['--frozen-intrinsics'], blind: true },
];
