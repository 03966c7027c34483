/** Asks all of them, at most 25 at a time. */
export async function send(base: string, urls: readonly string[]): Promise<void> {
  const left = [...urls];
  const one = async () => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) await (await fetch(base + url)).arrayBuffer();
  };
  await Promise.all(Array.from({ length: 25 }, one));
}

export const times = (n: number, url: string): string[] => Array(n).fill(url);
