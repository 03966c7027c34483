import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, root } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { needPrograms } from './support/needed-programs.ts';

const take = needPrograms('system-prometheus', 'collector');

interface Row {
  metric: { path: string };
}

async function queryPrometheus(prometheus: string, query: string): Promise<Row[]> {
  const answer = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query })}`);
  return ((await answer.json()) as { data: { result: Row[] } }).data.result;
}

const isRefused = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

test('npm run stack shows the slowest endpoint in Prometheus, and Ctrl-C ends all of its processes', async (context) => {
  take('system-prometheus', context);
  take('collector', context);
  const run = launch(join(root, 'stack/stack.mjs'), { flags: ['--import', 'tsx'] });
  const [, shop, pid] = (await run.waitForOutput(/^the shop +(\S+) \(pid (\d+)\)$/m)) as unknown as string[];
  const [, collector] = (await run.waitForOutput(/scraped from (\S+)$/m)) as unknown as string[];
  const [, prometheus] = (await run.waitForOutput(/^Prometheus +(\S+)$/m)) as unknown as string[];
  const [, slowest] = (await run.waitForOutput(/^ {2}slowest endpoints +(\S+)$/m)) as unknown as string[];
  const [, alerts] = (await run.waitForOutput(/^ {2}alerts +(\S+)$/m)) as unknown as string[];

  const query = [...new URL(slowest as string).searchParams.values()].at(-1) as string;
  await until(
    () => queryPrometheus(prometheus as string, query),
    // The first requests of another endpoint may be slow too, while everything starts.
    (rows) => rows.length === 5 && rows[0]?.metric.path === '/checkout/:cart',
    60,
  );
  for (const page of [slowest, alerts]) expect((await fetch(page as string)).status).toBe(200);
  // If the shop were also scraped, there would be a second job or instance.
  expect(
    await queryPrometheus(prometheus as string, 'count(count by (job, instance) (http_requests_total)) == 1'),
  ).toHaveLength(1);

  // Like a terminal, send the signal to every process.
  for (const each of [run.child.pid, Number(pid)]) process.kill(each as number, 'SIGINT');
  expect(await run.exit).toEqual({ code: 0, signal: null });
  expect(run.stderr).toBe('');
  const reachable = [];
  for (const url of [shop, collector, prometheus]) if (!(await isRefused(url as string))) reachable.push(url);
  expect(reachable).toEqual([]);
});
