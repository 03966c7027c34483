/** The samples of a scrape, `name{labels}` to value, in the order they were written. */
export function samples(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    found[line.slice(0, space)] = Number(line.slice(space + 1));
  }
  return found;
}

/** The labels of one sample, in their order. */
export function labels(sample: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of sample.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    found[name as string] = (value as string).replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
  }
  return found;
}

/** The requests counted: `GET /users/:id 200` to how many. */
export function requests(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith('http_requests_total{')) continue;
    const { method, path, status_code } = labels(sample);
    found[`${method} ${path} ${status_code}`] = value;
  }
  return found;
}

/** Waits until the condition holds for what `read` gives, and returns that; fails with the last of it after `seconds`. */
export async function until<T>(read: () => Promise<T> | T, holds: (value: T) => boolean, seconds = 20): Promise<T> {
  const end = performance.now() + seconds * 1000;
  // Most conditions hold within a few milliseconds.
  let pauseMs = 1;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > end) throw new Error(`still not so after ${seconds} s: ${JSON.stringify(value, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(2 * pauseMs, 20);
  }
}
