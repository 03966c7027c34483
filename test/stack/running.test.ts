import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { run } from '../../stack/run.ts';
import { call } from '../support/call.ts';
import { until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';

const take = needPrograms('prometheus', 'system-prometheus', 'collector');

it.for(['prometheus', 'system-prometheus'] as const)(
  'a started Prometheus answers queries and keeps its data over restarts and kills: %s',
  async (name, test) => {
    const rule = { record: 'two', expr: 'vector(2)', labels: { of: 'rules' } };
    const rules = JSON.stringify({ groups: [{ name: 'two', interval: '200ms', rules: [rule] }] });
    const config = { rule_files: ['two.yml'] };
    const prometheus = await runPrometheus({ program: take(name, test), config, files: { 'two.yml': rules } });
    const [first] = await until(
      () => prometheus.query('two'),
      (found) => found.length === 1,
    );
    expect(first).toMatchObject({ metric: { __name__: 'two', of: 'rules' }, value: 2 });
    const { time } = first as { time: number };
    await prometheus.stop();
    await expect(prometheus.query('two')).rejects.toThrow('fetch failed');
    await prometheus.restart();
    await prometheus.kill();
    await prometheus.restart();
    expect((await prometheus.query('two', time))[0]?.value).toBe(2);
    expect(await prometheus.query('1 / 0')).toMatchObject([{ metric: {}, value: Number.POSITIVE_INFINITY }]);
    expect(await prometheus.query('scalar(vector(-Inf))')).toMatchObject([{ value: Number.NEGATIVE_INFINITY }]);
    expect(await prometheus.queryRange('vector(1)', 100, 101, 0.5)).toEqual([
      {
        metric: {},
        values: [
          [100, 1],
          [100.5, 1],
          [101, 1],
        ],
      },
    ]);
    await expect(prometheus.query('sum(')).rejects.toThrow(/^query \{"query":"sum\("\}: .*parse error/);
  },
);

it('reports the output of a program that does not start', async (test) => {
  const prometheus = { program: take('prometheus', test), config: 'nonsense: true' };
  await expect(runPrometheus(prometheus)).rejects.toThrow(/^Prometheus [\d.]+ ended:\n.*field nonsense not found/s);
  const collector = { program: take('collector', test), overlay: { exporters: { nonsense: {} } } };
  await expect(runCollector(collector)).rejects.toThrow(/^Collector [\d.]+ ended:\n.*unknown type: "nonsense"/s);
  const nothing = { ...prometheus.program, path: '/nowhere/prometheus' };
  await expect(runPrometheus({ ...prometheus, program: nothing })).rejects.toThrow(/could not be run: .*ENOENT/);
});

it('ends a started Prometheus when the process that started it exits', async (test) => {
  const folder = await mkdtemp(join(tmpdir(), 'apm-prometheus-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const options = JSON.stringify({ program: take('prometheus', test), folder, config: {} });
  const code = `import { startPrometheus } from './stack/prometheus.ts';
    const { url } = await startPrometheus(${options});
    console.log(url);
    process.exit();`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  await until(
    () => call(stdout.trim()).then(String, (error: NodeJS.ErrnoException) => error.code),
    (answer) => answer === 'ECONNREFUSED',
  );
});
