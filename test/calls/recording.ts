import { join } from 'node:path';
import { launch } from '../support/app.ts';
import { node } from '../support/nodes.ts';
import { root } from '../support/root.ts';

/** Recorders: the built package, and OpenTelemetry's instrumentations. */
export const OURS = join(root, 'test/apps/calls/recorder.cjs');

export const UPSTREAM = join(root, 'test/apps/calls/upstream.cjs');

interface RecordingOptions {
  /** The version of Node. */
  readonly version: string;
  readonly cwd?: string;
  readonly args?: string[];
  readonly env?: Record<string, string>;
  /** By default the one of the built package. */
  readonly recorders?: readonly string[];
}

/** Runs an app whose outgoing calls are recorded. @returns the JSON that it prints */
export async function record<T>(
  file: string,
  { version, env, recorders = [OURS], ...options }: RecordingOptions,
): Promise<T> {
  const app = launch(file, {
    ...options,
    node: node(version),
    flags: recorders.flatMap((recorder) => ['--require', recorder]),
    env: { NODE_NO_WARNINGS: '1', NODE_TLS_REJECT_UNAUTHORIZED: '0', ...env },
  });
  const { code } = await app.exit;
  if (code !== 0) throw new Error(`${file} exited with ${code}:\n${app.stdout}${app.stderr}`);
  return JSON.parse(app.stdout) as T;
}

/** What an app made and recorded: the calls of each kind, and the time of the longest of them and of all. */
export interface Kinds {
  readonly calls: Record<string, string[]>;
  readonly times: Record<string, { longestMs: number; tookMs: number }>;
}

/** The wait of the server, less what timers may fire too early. */
const SLOW_MS = 60 - 2;

/** @returns the kinds whose calls have a wrong time: longer than all took, or without the waits that they include */
export function wrongTimes({ times }: Kinds, waits: Readonly<Record<string, number>>): unknown[] {
  return Object.entries(times).filter(
    ([kind, { longestMs, tookMs }]) => longestMs > tookMs || longestMs < (waits[kind] ?? 0) * SLOW_MS,
  );
}
