import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../stack/run.ts';
import { readPrometheusFile } from '../../stack/shipped-config.ts';
import { apm } from '../cli/run.ts';
import { root } from '../support/root.ts';
import { needPrograms } from './support/needed-programs.ts';
import { createFolder, runRuleTest, writeRuleTest } from './support/rule-tests.ts';

const take = needPrograms('promtool', 'system-promtool');

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
}
const readRules = (text: string): Rule[] => parse(text).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
const printRules = async (...args: string[]) => (await apm(['rules', '--histogram', 'exponential', ...args])).stdout;

it.for(['promtool', 'system-promtool'] as const)(
  'the rules for native histograms are valid: %s',
  async (name, context) => {
    const { path } = take(name, context);
    for (const args of [[], ['--job', 'cart', '--latency', '0.3'], ['--prefix', 'shop_', '--except', 'cart']]) {
      const text = await printRules(...args);
      const file = join(createFolder(), 'native.rules.yml');
      writeFileSync(file, text);
      const { stdout } = await run(path, ['check', 'rules', '--lint=all', '--lint-fatal', file]);
      expect(stdout).toContain(`SUCCESS: ${readRules(text).length} rules found`);
    }
  },
);

// Prometheus 2.42 has no notation for native histograms in its tests.
it('the rules for native histograms pass their tests', async (context) => {
  const tests = parse(readFileSync(join(root, 'test/stack/native-rules/native.test.yml'), 'utf8'));
  expect(await runRuleTest(take('promtool', context).path, writeRuleTest(await printRules(), tests))).toBe('');
});

it('the default rules say which service has native histograms, which they do not read', async (context) => {
  const file = writeRuleTest(readPrometheusFile('apm.rules.yml'), {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          {
            series: 'http_duration{job="native", instance="a", path="/", method="GET"}',
            values: '{{schema:0}}+{{schema:0 count:60 sum:20 buckets:[60]}}x60',
          },
        ],
        promql_expr_test: [
          {
            expr: 'count by (alertname, job) (ALERTS{alertstate="firing", alertname=~"Http.+"})',
            eval_time: '30m',
            exp_samples: [{ labels: '{alertname="HttpObjectiveNotMeasured", job="native"}', value: 1 }],
          },
        ],
      },
    ],
  });
  expect(await runRuleTest(take('promtool', context).path, file)).toBe('');
});

it('the alerts for native histograms are the same, except for the one on the highest bound', async () => {
  const [explicit, native] = [readRules((await apm(['rules'])).stdout), readRules(await printRules())];
  const alertsOf = (rules: Rule[]) => rules.filter(({ alert }) => alert).map(({ alert, expr }) => [alert, expr]);
  expect(alertsOf(native)).toEqual(alertsOf(explicit).filter(([alert]) => alert !== 'HttpDurationAboveTopBound'));
  expect(native.flatMap(({ record }) => record ?? [])).toEqual(explicit.flatMap(({ record }) => record ?? []));
});
