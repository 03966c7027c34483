const CONCURRENCY = 25;

/** Sends a request to each URL and waits for all responses. */
export async function send(base: string, urls: readonly string[]): Promise<void> {
  const waiting = [...urls];
  const sendWaiting = async () => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      await (await fetch(base + url)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sendWaiting));
}

/** A list with the same URL `n` times. */
export const repeat = (n: number, url: string): string[] => Array(n).fill(url);
