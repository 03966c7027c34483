import { describe, expect, it } from 'vitest';
import { PrometheusApi } from '../../../../../src/cli/compare/sources/prometheus/api.ts';
import { loadRangeSides } from '../../../../../src/cli/compare/sources/prometheus/ranges.ts';
import { loadVersionSides } from '../../../../../src/cli/compare/sources/prometheus/versions.ts';
import type { Side } from '../../../../../src/statistics/model.ts';
import { needPrograms } from '../../../../stack/support/needed-programs.ts';
import { runPrometheus } from '../../../../stack/support/run.ts';
import { shippedOptions } from '../../../../stack/support/shipped-options.ts';
import { type App, startApp } from '../../../../support/app.ts';
import { call } from '../../../../support/call.ts';
import { until } from '../../../../support/exposition.ts';
import { freePort } from '../../../../support/free-port.ts';

const take = needPrograms('prometheus', 'system-prometheus');
const USERS = 'test/apps/express/users.mjs';
const KEY = 'GET /users/:id';

const total = ({ blocks }: Side) => blocks.reduce((sum, { endpoints }) => sum + (endpoints.get(KEY)?.requests ?? 0), 0);
const timed = ({ blocks }: Side) =>
  blocks.reduce((sum, { endpoints }) => sum + (endpoints.get(KEY)?.histogram.total ?? 0), 0);

describe.each(['prometheus', 'system-prometheus'] as const)('with %s', (name) => {
  it.for(['apm', 'semconv'])(
    'finds what real processes counted, over a restart, with the names of %s',
    async (names, test) => {
      const ports = [await freePort(), await freePort()] as const;
      const start = (version: string, port: string) =>
        startApp(USERS, {
          env: {
            OTEL_EXPORTER_PROMETHEUS_PORT: port,
            OTEL_RESOURCE_ATTRIBUTES: `service.version=${version},service.instance.id=${port}`,
            APM_METRIC_NAMES: names,
          },
        });
      const [old, fresh] = await Promise.all([start('1.4.0', ports[0]), start('1.5.0', ports[1])]);
      const targets = ports.map((port) => `localhost:${port}`);
      const services = [{ targets, labels: { job: 'shop' } }];
      const prometheus = await runPrometheus(shippedOptions(take(name, test), { services }));
      const counter = names === 'apm' ? 'http_requests_total' : 'http_server_requests_total';
      const version = (of: string) =>
        `${counter} * on(instance) group_left(service_version) target_info{service_version="${of}"}`;
      const untilStored = (of: string, count: number) =>
        until(
          async () => (await prometheus.query(version(of))).reduce((sum, { value }) => sum + value, 0),
          (sum) => sum === count,
        );
      const send = async (app: App, count: number) => {
        for (let i = 0; i < count; i++) await call(app.url(`/users/${i}`));
      };
      await until(
        () => prometheus.query('target_info'),
        (found) => found.length === 2,
      );
      // Both processes were scraped before their first request, so every request is counted.
      const from = Date.now() / 1000 - 60;
      await Promise.all([send(old, 40), send(fresh, 30)]);
      await Promise.all([untilStored('1.4.0', 40), untilStored('1.5.0', 30)]);
      // Each half of the time needs enough samples.
      const untilSamples = (count: number) =>
        until(
          () => prometheus.query(`min(count_over_time(${counter}[1m])) >= ${count}`),
          (found) => found.length > 0,
        );
      await untilSamples(3);
      const middle = Date.now() / 1000;
      // The process restarts, and its counters are lower than before.
      await old.kill();
      const again = await start('1.4.0', ports[0]);
      await send(again, 7);
      await untilStored('1.4.0', 7);
      await send(fresh, 5);
      await untilStored('1.5.0', 35);
      await untilSamples(6);
      const to = Date.now() / 1000;

      const api = new PrometheusApi(prometheus.url, undefined);
      const sides = await loadVersionSides(api, { job: 'shop' }, ['1.4.0', '1.5.0'], { from, to }, { pageSamples: 50 });
      for (const side of sides) expect(timed(side)).toBe(total(side));
      expect(sides.map(({ name, bounds }) => [name, bounds?.length])).toEqual([
        ['1.4.0', 17],
        ['1.5.0', 17],
      ]);
      // Only blocks in which both had requests are paired.
      expect(total(sides[0])).toBeGreaterThan(0);
      expect(total(sides[0])).toBeLessThanOrEqual(47);
      expect(sides[0].blocks.map(({ from, to }) => [from, to])).toEqual(
        sides[1].blocks.map(({ from, to }) => [from, to]),
      );

      const [before, after] = await loadRangeSides(
        api,
        { job: 'shop', path: '/users/:id' },
        { from, to: middle },
        { from: middle, to },
      );
      expect(total(before) + total(after)).toBe(47 + 35);
      expect(timed(before) + timed(after)).toBe(47 + 35);
    },
  );
});
