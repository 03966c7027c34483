import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { run } from '../../stack/run.ts';
import { readPrometheusFile } from '../../stack/shipped-config.ts';
import { apm } from '../cli/run.ts';
import { root } from '../support/root.ts';
import { needPrograms } from './support/needed-programs.ts';
import { createFolder, runRuleTest, writeRuleTest } from './support/rule-tests.ts';

const take = needPrograms('promtool', 'system-promtool');
const PROMTOOLS = ['promtool', 'system-promtool'] as const;

const TESTS = join(root, 'test/stack/rules');
const FILES = readdirSync(TESTS).filter((file) => file.endsWith('.test.yml'));

interface Rule {
  alert?: string;
  expr: string;
  labels?: { severity: string; window?: string };
}
interface RuleFile {
  groups: { rules: Rule[] }[];
}
interface AlertTest {
  alertname: string;
  exp_alerts: { exp_labels: Record<string, string> }[];
}
interface TestFile {
  rule_files: string[];
  tests: { alert_rule_test?: AlertTest[]; promql_expr_test?: object[] }[];
}

const readRules = (): RuleFile => parse(readPrometheusFile('apm.rules.yml'));
const readTests = (file: string): TestFile => parse(readFileSync(join(TESTS, file), 'utf8'));
const alertTests = (file: string) => readTests(file).tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);

/** The labels distinguish the rules of an alert, so the title contains them: `HttpErrorBudgetBurn page 1h`. */
const titleOf = (alert: string, { severity, window }: Record<string, string | undefined>) =>
  [alert, severity, window].filter(Boolean).join(' ');

const alerts = readRules().groups.flatMap((group) =>
  group.rules.flatMap(({ alert, labels }, i) =>
    alert ? [{ alert, labels, name: titleOf(alert, { ...labels }), i }] : [],
  ),
);

for (const name of PROMTOOLS) {
  it(`the shipped rules, those for a service with its own bounds and those for a prefix are valid: ${name}`, async (context) => {
    const { path } = take(name, context);
    const { stdout } = await apm(['rules', '--job', 'shop|"cart"', '--buckets', '0.1,1,30', '--latency', '1']);
    const own = join(createFolder(), 'own.rules.yml');
    writeFileSync(own, stdout);
    const prefixed = join(createFolder(), 'prefixed.rules.yml');
    writeFileSync(prefixed, (await apm(['rules', '--prefix', 'shop_'])).stdout);
    for (const file of [join(root, 'prometheus/apm.rules.yml'), own, prefixed]) {
      const output = await run(path, ['check', 'rules', '--lint=all', '--lint-fatal', file]);
      const { length } = (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap(({ rules }) => rules);
      expect(output.stdout).toContain(`SUCCESS: ${length} rules found`);
    }
  });

  it.for(FILES)(`the rules pass %s: ${name}`, async (file, context) => {
    expect(await runRuleTest(take(name, context).path, join(TESTS, file))).toBe('');
  });

  it(`the rules count requests above a bound of 1 s, written as 1 or as 1.0: ${name}`, async (context) => {
    const { stdout } = await apm(['rules', '--latency', '1']);
    const series = (metric: string, instance: string, labels: string, values: string) => ({
      series: `${metric}{job="shop", instance="${instance}", path="/", method="GET"${labels}}`,
      values,
    });
    const file = writeRuleTest(stdout, {
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            series('http_duration_count', 'a', '', '0+60x10'),
            series('http_duration_bucket', 'a', ', le="1"', '0+54x10'),
            series('http_duration_count', 'b', '', '0+60x10'),
            series('http_duration_bucket', 'b', ', le="1.0"', '0+48x10'),
            // These bounds must not match, although they begin with a 1.
            series('http_duration_bucket', 'b', ', le="1.5"', '0+60x10'),
            series('http_duration_bucket', 'b', ', le="10.0"', '0+60x10'),
          ],
          promql_expr_test: [
            {
              expr: 'round(job:http_duration_slow:rate5m, 0.0001)',
              eval_time: '10m',
              exp_samples: [{ labels: '{job="shop"}', value: 0.3 }],
            },
          ],
        },
      ],
    });
    expect(await runRuleTest(take(name, context).path, file)).toBe('');
  });
}

test('prometheus/apm.rules.yml is the output of `apm rules`', async () => {
  expect((await apm(['rules'])).stdout).toBe(readPrometheusFile('apm.rules.yml'));
});

test('each alert rule has a test in which it fires, and each alert has a test in which it does not', () => {
  const all = FILES.flatMap(alertTests);
  const fires = new Set(
    all.flatMap(({ alertname, exp_alerts }) => exp_alerts.map(({ exp_labels }) => titleOf(alertname, exp_labels))),
  );
  const quiet = new Set(all.flatMap(({ alertname, exp_alerts }) => (exp_alerts.length === 0 ? [alertname] : [])));
  expect([...fires].sort()).toEqual(alerts.map(({ name }) => name).sort());
  expect([...quiet].sort()).toEqual([...new Set(alerts.map(({ alert }) => alert))].sort());
});

/** Runs the tests of one alert rule, alone and with another expression. @returns promtool's error */
function testWithExpression(
  promtool: string,
  { alert, name, i }: (typeof alerts)[number],
  expr: string,
): Promise<string> {
  const own = (one: AlertTest) => one.exp_alerts.filter(({ exp_labels }) => titleOf(alert, exp_labels) === name);
  const file = FILES.find((file) => alertTests(file).some((one) => one.alertname === alert && own(one).length > 0));
  const testing = readTests(file as string);
  const kept = testing.tests.map(({ alert_rule_test = [], promql_expr_test: _, ...one }) => ({
    ...one,
    alert_rule_test: alert_rule_test
      .filter(({ alertname }) => alertname === alert)
      .map((one) => ({ ...one, exp_alerts: own(one) })),
  }));
  const [group] = readRules().groups;
  const alone = { groups: [{ ...group, rules: [{ ...group?.rules[i], expr }] }] };
  return runRuleTest(promtool, writeRuleTest(stringify(alone), { ...testing, tests: kept }));
}

it.for(alerts)('the tests fail if the alert never fires, or if it always fires: $name', async (one, context) => {
  const { path } = take('system-promtool', context);
  const { alert, labels } = one;
  expect(await testWithExpression(path, one, 'vector(0) > 1')).toMatch(/ got:\[\]/);
  const everywhere = Object.entries({ alertname: alert, ...labels }).map(
    ([key, value]) => `${key}=${JSON.stringify(value)}`,
  );
  expect(await testWithExpression(path, one, 'vector(1)')).toContain(`Labels:{${everywhere.join(', ')}}`);
});
