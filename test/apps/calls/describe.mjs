/** @param ports of the servers by names, which take their places. @returns describes a recorded call in one line */
const describeWith =
  (ports) =>
  ({ target, status = '-', error = '' }) => {
    const host = Object.entries(ports).reduce(
      (text, [name, port]) => text.replace(`:${port}`, `:${name}`),
      target.host,
    );
    return `${target.operation} ${host} ${status} ${error}`.trim();
  };

/**
 * Makes the calls of each kind, one kind after another.
 * @returns the recorded calls of each kind, each in one line, and how long the longest of them and all of them took
 */
export async function recordKinds(kinds, ports) {
  const show = describeWith(ports);
  const [calls, times] = [{}, {}];
  for (const [kind, make] of Object.entries(kinds)) {
    const start = performance.now();
    await make();
    const recorded = await globalThis.recorder.take();
    const tookMs = performance.now() - start;
    calls[kind] = recorded.map(show);
    times[kind] = { longestMs: Math.max(0, ...recorded.map(({ seconds }) => seconds * 1000)), tookMs };
  }
  return { calls, times };
}
