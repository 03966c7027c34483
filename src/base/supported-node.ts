// The entry files load this file on every version of Node, so it has no syntax that is newer than Node 14 and no import.

/** As `engines` in package.json. */
const SUPPORTED = 'Node 20.19 or later of line 20, or Node 22.12 or later';

/** Whether this package measures on a version of Node, such as `20.19.0`. */
export function isSupportedNode(version: string = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 20 ? minor >= 19 : major > 22 || (major === 22 && minor >= 12);
}

let isReported = false;

/** Logs once that this process is not measured, unless the environment turns this package or its log off. */
export function reportUnsupportedNode(): void {
  const { OTEL_SDK_DISABLED = '', OTEL_LOG_LEVEL = '' } = process.env;
  // Threads run the preload too. Their line would repeat that of the main thread.
  const isThread = !(require('node:worker_threads') as typeof import('node:worker_threads')).isMainThread;
  if (isReported || isThread || OTEL_SDK_DISABLED.toLowerCase() === 'true' || OTEL_LOG_LEVEL.toLowerCase() === 'none') {
    return;
  }
  isReported = true;
  console.error(
    `[@org/apm] this process is not measured, because its Node ${process.versions.node} is not supported; use ${SUPPORTED}`,
  );
}
