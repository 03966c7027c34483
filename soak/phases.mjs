// The three parts of a soak.
import { sleep, startCluster } from './cluster.mjs';
import { Increase, requestsIn } from './counts.mjs';

/** Workers come and go beside two that stay, one of which is scraped every second. */
export async function workers(seconds, every, measured) {
  const app = await startCluster({ measured, churn: true, every });
  const seen = new Increase();
  const end = performance.now() + seconds * 1e3;
  let slowest = 0;
  while (performance.now() < end) {
    await sleep(1_000);
    if (!measured) continue;
    const before = performance.now();
    seen.see(await app.scrape());
    slowest = Math.max(slowest, performance.now() - before);
  }
  const counts = await app.calm();
  const { fell } = seen;
  const scraped = measured ? requestsIn(await app.scrape()) : 0;
  await app.end();
  return { processes: app.processes, slowest, counts: { ...counts, scraped, fell } };
}

/** Seconds between two replacements: another has the port within 2, and is to be scraped for a while. */
const REPLACE = 5;

/** Whoever is scraped is replaced again and again, by turns as apps end themselves and by SIGKILL. */
export async function owners(seconds) {
  const app = await startCluster({ measured: true, churn: false, every: 60 });
  const seen = new Increase();
  const look = () =>
    app.scrape().then(
      (text) => {
        seen.see(text);
        return true;
      },
      // Nobody has the port just now.
      () => sleep(50),
    );
  const watch = async (ms) => {
    for (const end = performance.now() + ms; performance.now() < end; await sleep(200)) await look();
  };
  let replaced = 0;
  for (; replaced < Math.floor(seconds / REPLACE); replaced++) {
    await watch(REPLACE * 1e3);
    while (!(await look()));
    const pid = await app.ownerPid();
    const killed = replaced % 2 === 1;
    // What it has answered by now is promised only once a scrape that comes after has shown it.
    if (killed) await app.notice(pid);
    while (!(await look()));
    app.replace(pid, killed);
  }
  await watch(REPLACE * 1e3);
  const counts = await app.calm();
  seen.see(await app.scrape());
  await app.end();
  return { ...counts, replaced, owners: seen.owners, scraped: seen.total, fell: seen.fell };
}
