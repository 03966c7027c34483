/** The samples of a scrape: the value of each `name{labels}`, in the order of the text. */
export function samples(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    found[line.slice(0, space)] = Number(line.slice(space + 1));
  }
  return found;
}

/** The labels of one sample, in the order of the text. */
export function labels(sample: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of sample.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    found[name as string] = (value as string).replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
  }
  return found;
}

/** Lines of samples with their labels in alphabetical order, in which they are then compared. */
export const sortLabels = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/\{(.*)\}/, (_, all: string) => `{${all.split(',').sort().join()}}`)).sort();

/** The number of counted requests by method, path and status: `GET /users/:id 200`. */
export function requests(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith('http_requests_total{')) continue;
    const { method, path, status_code } = labels(sample);
    found[`${method} ${path} ${status_code}`] = value;
  }
  return found;
}

/** Waits until the condition holds for the value of `read`, and returns that value. Fails with the last value after `seconds`. */
export async function until<T>(read: () => Promise<T> | T, holds: (value: T) => boolean, seconds = 20): Promise<T> {
  const endMs = performance.now() + seconds * 1000;
  // Most conditions hold within a few milliseconds.
  let pauseMs = 1;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > endMs)
      throw new Error(`the condition does not hold after ${seconds} s: ${JSON.stringify(value, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(2 * pauseMs, 20);
  }
}
