import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../support/root.ts';
import { apm } from '../run.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
const read = (text: string): Rule[] => parse(text).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
const generated = async (...args: string[]) => (await apm(['rules', ...args])).stdout;

it('the rules that are shipped are those of the default objectives', async () => {
  const shipped = await readFile(join(root, 'prometheus/apm.rules.yml'), 'utf8');
  expect(await apm(['rules'])).toEqual({ code: 0, stdout: shipped, stderr: '' });
});

it('every alert says what it means and where to look', async () => {
  for (const { alert, annotations, labels } of read(await generated()).filter(({ alert }) => alert)) {
    expect(labels?.severity, alert).toMatch(/^(page|ticket)$/);
    expect(Object.keys(annotations ?? {}), alert).toEqual(['summary', 'description', 'dashboard']);
    expect(annotations?.summary, alert).toMatch(/^[^\n]{20,170}$/);
    expect(annotations?.description?.length, alert).toBeGreaterThan(120);
    const whose = alert?.startsWith('Otel') ? '$' : '\\?var-job=\\{\\{ \\$labels\\.job \\| urlquery \\}\\}';
    expect(annotations?.dashboard, alert).toMatch(new RegExp(`^/d/apm-(service|endpoint)${whose}`));
  }
});

it('objectives of a service are in its rules, and its rules are of no other service', async () => {
  const text = await generated(
    ...['--job', 'shop|till', '--latency', '1', '--latency-target', '0.95', '--error-target', '0.99'],
    ...['--min-requests', '500', '--grafana', 'https://grafana.example/'],
  );
  expect(text.split('\n').slice(0, 4)).toEqual([
    '# Rules for the metrics of @org/apm. Generated; targets and bounds are options of the command:',
    '#',
    "#   npx apm rules --job 'shop|till' --latency 1 --latency-target 0.95 --error-target 0.99 --min-requests 500 --grafana https://grafana.example/",
    '#',
  ]);
  const rules = read(text);
  const slow = rules.find(({ record }) => record === 'job:http_duration_slow:rate5m');
  expect(slow?.expr).toBe(
    `sum by (job) (
  rate(http_duration_count{job=~"shop|till", path!~"|unmatched"}[5m])
  - ignoring (le)
  rate(http_duration_bucket{job=~"shop|till", path!~"|unmatched", le=~"1([.]0)?"}[5m])
)`,
  );
  const [latency] = rules.filter(({ alert }) => alert === 'HttpLatencyBudgetBurn');
  expect(latency?.expr).toBe(
    `sum_over_time(job:http_duration_slow:rate5m{job=~"shop|till"}[1h]) / sum_over_time(job:http_duration_count:rate5m{job=~"shop|till"}[1h]) > 0.72
and
sum_over_time(job:http_duration_slow:rate5m{job=~"shop|till"}[5m]) / sum_over_time(job:http_duration_count:rate5m{job=~"shop|till"}[5m]) > 0.72
and
sum_over_time(job:http_duration_count:rate5m{job=~"shop|till"}[1h]) * 30 > 500`,
  );
  expect(latency?.annotations?.dashboard).toBe(
    'https://grafana.example/d/apm-service?var-job={{ $labels.job | urlquery }}',
  );
  // Nothing looks at other jobs: neither a scraped series nor a recorded one. A Collector is nobody's.
  const selectors = rules
    .filter(({ alert }) => !alert?.startsWith('Otel'))
    .flatMap(({ expr }) => [...expr.matchAll(/\b(?:http_\w+|target_info|up|job\w*:[\w:]+)(\{[^}]*\})?/g)]);
  expect(selectors.length).toBeGreaterThan(70);
  expect(selectors.filter(([, matchers]) => !matchers?.includes('job=~"shop|till"')).map(([all]) => all)).toEqual([]);
});

const BOUNDS = '0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 5, 10';
const BURNING =
  'more than 0.9306, since a budget burning 14.4 times too fast needs 14.4 x (1 - target) of all requests, which must be below 1';

it.each<[string[], string]>([
  // What could never fire.
  [
    ['--latency', '0.3'],
    `--latency: expected one of the histogram's bounds, since only there requests can be counted as slow: ${BOUNDS}; got "0.3"`,
  ],
  [
    ['--latency', '10'],
    '--latency: expected less than the highest bound: no percentile is ever above it, so no tail would be seen; got "10"',
  ],
  [['--latency-target', '0.9'], `--latency-target: expected ${BURNING}; got "0.9"`],
  [['--error-target', '0.93'], `--error-target: expected ${BURNING}; got "0.93"`],
  [['--tail-gap', '4000'], '--tail-gap: expected less than 4000, the widest that these bounds can show; got "4000"'],
  [
    ['--slower-above', '10'],
    '--slower-above: expected less than the highest bound: no percentile is ever above it; got "10"',
  ],
  [['--queue', '1'], '--queue: expected a share between 0 and 1; got "1"'],
  [['--above-top', '1'], '--above-top: expected a share between 0 and 1; got "1"'],
  [['--job', ''], '--job: expected a regular expression of Prometheus; got ""'],
  [['--job', 'shop('], '--job: expected a regular expression of Prometheus; got "shop("'],
  [['--job', '(?!test).+'], '--job: expected a regular expression of Prometheus; got "(?!test).+"'],
  [['--job', 'a\\1'], '--job: expected a regular expression of Prometheus; got "a\\\\1"'],
  [['--except', '('], '--except: expected a regular expression of Prometheus; got "("'],
  [['--slower', '3000'], '--slower: expected less than 2020, the most these bounds can show; got "3000"'],
  [['--job', ' '], '--job: expected a regular expression of Prometheus; got " "'],
  [
    ['--grafana', 'grafana.example'],
    '--grafana: expected an http:// or https:// URL without a query; got "grafana.example"',
  ],
  [
    ['--buckets', '0.00001,1', '--latency', '0.00001'],
    '--latency: expected seconds from 0.0001 to 999999; got "0.00001"',
  ],
  // What would always fire.
  [['--latency-target', '1'], '--latency-target: expected a share between 0 and 1, such as 0.99; got "1"'],
  [['--error-target', '99.9'], '--error-target: expected a share between 0 and 1, such as 0.99; got "99.9"'],
  [['--min-requests', '0'], '--min-requests: expected at least 1: the tail of nothing is no number; got "0"'],
  [['--tail-gap', '1'], '--tail-gap: expected more than 1, which p99 is of p50 at least; got "1"'],
  [['--tail-growth', '1'], '--tail-growth: expected more than 1: 1 is as yesterday; got "1"'],
  [['--slower', '1'], '--slower: expected more than 1: 1 is as a week ago; got "1"'],
  [['--traffic', '0'], '--traffic: expected a share between 0 and 1; got "0"'],
  // What is none.
  [['--latency', 'soon'], '--latency: expected a number; got "soon"'],
  [['--buckets', '1,0.5'], '--buckets: expected ascending seconds greater than 0, separated by commas; got "1,0.5"'],
  [['--grafana', 'a\nb'], '--grafana: expected a text in one line; got "a\\nb"'],
  [['--job', 'a\u0001'], '--job: expected a text in one line; got "a\\u0001"'],
  [['--latencey', '1'], "Unknown option '--latencey'"],
  [['extra'], "Unexpected argument 'extra'"],
])('refuses %j', async (args, line) => {
  expect(await apm(['rules', ...args])).toEqual({
    code: 2,
    stdout: '',
    stderr: `apm rules: ${line}; see apm rules --help\n`,
  });
});

it('bounds of a service are what its objective must be one of', async () => {
  const given = ['--buckets', '0.1,0.3,3', '--latency', '0.3'];
  const { code, stdout } = await apm(['rules', ...given]);
  expect(code).toBe(0);
  expect(stdout).toContain('le="0.3"');
  // The top bound.
  expect(stdout).toContain('le=~"3([.]0)?"');
});

it('one file for a service, another for all but that', async () => {
  const [own, others] = await Promise.all([generated('--job', '(?i)till'), generated('--except', 'till')]);
  expect([own, others].map((text) => text?.includes('OtelCollector'))).toEqual([false, true]);
  expect(own).toContain('job:http_requests:rate5m{job=~"(?i)till"}');
  expect(others).toContain('job:http_requests:rate5m{job=~".+", job!~"till"}');
  expect(others).toContain('target_info{job=~".+", job!~"till"}');
});
