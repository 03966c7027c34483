import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import { run } from '../../stack/run.ts';
import { AN_HOUR, expressionsOf } from '../grafana/expressions.ts';
import { needPrograms } from './support/needed-programs.ts';

const take = needPrograms('promtool');

/** A histogram of one process with 10 requests every 15 s. `slow` of them are above the only bound. */
function histogramOf(job: string, bound: number, slow: number): object[] {
  const labels = `job="${job}",instance="1",path="/",method="GET"`;
  const counts = { [`_bucket{${labels},le="${bound}"}`]: 10 - slow, [`_bucket{${labels},le="+Inf"}`]: 10 };
  return Object.entries({ ...counts, [`_count{${labels}}`]: 10 }).map(([rest, step]) => ({
    series: `http_duration${rest}`,
    values: `0+${step}x300`,
  }));
}

/** Expects these rounded values in panels of the Service dashboard after an hour, with an objective of 0.5 s. */
async function expectPanels(promtool: string, input_series: object[], wanted: Record<string, number | undefined>) {
  const folder = await mkdtemp(join(tmpdir(), 'apm-objective-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const all = expressionsOf(DASHBOARDS.service as (typeof DASHBOARDS)[string], AN_HOUR);
  const promql_expr_test = Object.entries(wanted).map(([title, value]) => {
    const expr = all.find(({ panel }) => panel === title)?.expr;
    if (!expr) throw new Error(`no panel ${title}`);
    const exp_samples = value === undefined ? [] : [{ labels: '{}', value }];
    return { expr: `round(${expr}, 0.0001)`, eval_time: '1h', exp_samples };
  });
  await writeFile(
    join(folder, 'test.yml'),
    stringify({ tests: [{ interval: '15s', input_series, promql_expr_test }] }),
  );
  await run(promtool, ['test', 'rules', join(folder, 'test.yml')]);
}

const SHARE = 'Slower than $objective s';
const BUDGET = 'Latency budget left';

it('the share of slow requests excludes services that have no histogram bound at the objective', async (test) => {
  const { path } = take('promtool', test);
  const [shop, other] = [histogramOf('shop', 0.5, 1), histogramOf('other', 0.3, 0)];
  await expectPanels(path, shop, { [SHARE]: 0.1, [BUDGET]: -9 });
  await expectPanels(path, [...shop, ...other], { [SHARE]: 0.1, [BUDGET]: -9 });
  await expectPanels(path, other, { [SHARE]: undefined, [BUDGET]: undefined });
  await expect(expectPanels(path, shop, { [SHARE]: 0.2 })).rejects.toThrow('FAILED');
});
