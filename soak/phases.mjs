// The phases of a soak.
import { sleep, startCluster } from './cluster.mjs';
import { Increase, requestsIn } from './counts.mjs';

/** Replaces workers while two others stay; one of these two, the leader, is scraped every second. */
export async function replaceWorkers(seconds, every, measured) {
  const app = await startCluster({ measured, churn: true, every });
  const increase = new Increase();
  const end = performance.now() + seconds * 1e3;
  let slowest = 0;
  while (performance.now() < end) {
    await sleep(1_000);
    if (!measured) continue;
    const before = performance.now();
    increase.add(await app.scrape());
    slowest = Math.max(slowest, performance.now() - before);
  }
  const counts = await app.settle();
  const { decreases } = increase;
  const scraped = measured ? requestsIn(await app.scrape()) : 0;
  await app.end();
  return { processes: app.processes, slowest, counts: { ...counts, scraped, decreases } };
}

/** The next leader serves the metrics within 2 s, and must be scraped for a while. */
const REPLACE_INTERVAL_SECONDS = 5;

/** Replaces the leader repeatedly, alternately by a normal end and by SIGKILL. */
export async function replaceLeaders(seconds) {
  const app = await startCluster({ measured: true, churn: false, every: 60 });
  const increase = new Increase();
  const tryScrape = () =>
    app.scrape().then(
      (text) => {
        increase.add(text);
        return true;
      },
      // At this moment no process serves the port.
      () => sleep(50),
    );
  const watch = async (ms) => {
    for (const end = performance.now() + ms; performance.now() < end; await sleep(200)) await tryScrape();
  };
  let replaced = 0;
  for (; replaced < Math.floor(seconds / REPLACE_INTERVAL_SECONDS); replaced++) {
    await watch(REPLACE_INTERVAL_SECONDS * 1e3);
    while (!(await tryScrape()));
    const pid = await app.leaderPid();
    const killed = replaced % 2 === 1;
    // Requests answered by now must not be lost, provided that a later scrape has shown them. So scrape once more.
    if (killed) await app.announceKill(pid);
    while (!(await tryScrape()));
    app.replace(pid, killed);
  }
  await watch(REPLACE_INTERVAL_SECONDS * 1e3);
  const counts = await app.settle();
  increase.add(await app.scrape());
  await app.end();
  const { leaders, total: scraped, decreases } = increase;
  return { ...counts, replaced, leaders, scraped, decreases };
}
