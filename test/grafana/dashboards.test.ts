import { readdir, readFile } from 'node:fs/promises';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, toJson } from '../../grafana/dashboards.ts';
import { DEFAULT_OBJECTIVES } from '../../src/cli/rules/objectives.ts';
import { EXPORTED_NAME } from '../../src/semconv.ts';
import { AN_HOUR, expressionsOf, panelsOf, variablesOf } from './expressions.ts';
import { findMistakes, findSelectors } from './promql.ts';

const folder = new URL('../../grafana/dashboards/', import.meta.url);
const VALUES = { ...AN_HOUR, deploy: '1790000000' };

const HISTOGRAMS = [
  EXPORTED_NAME['http.server.request.duration'],
  EXPORTED_NAME['http.client.request.duration'],
  EXPORTED_NAME['db.client.operation.duration'],
];
const KNOWN = [
  EXPORTED_NAME['http.server.requests'],
  EXPORTED_NAME['http.server.active_requests'],
  EXPORTED_NAME['http.server.time_spent'],
  ...HISTOGRAMS.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
  'target_info',
  'ALERTS',
];

it('the committed dashboards are up to date; otherwise run "npm run dashboards"', async () => {
  const committed = await readdir(folder);
  expect(committed.sort()).toEqual(
    Object.keys(DASHBOARDS)
      .map((name) => `${name}.json`)
      .sort(),
  );
  for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
    expect(await readFile(new URL(`${name}.json`, folder), 'utf8')).toBe(toJson(dashboard));
  }
});

describe.each(Object.entries(DASHBOARDS))('the dashboard %s', (_, built) => {
  const dashboard: Dashboard = JSON.parse(toJson(built));
  const queries = expressionsOf(dashboard, VALUES);

  it('contains only valid PromQL', () => {
    expect(queries.flatMap(({ panel, expr }) => findMistakes(expr).map((mistake) => `${panel}: ${mistake}`))).toEqual(
      [],
    );
  });

  it('queries only exported metrics, not recorded ones', () => {
    const names = new Set(queries.flatMap(({ expr }) => findSelectors(expr).map(({ metric }) => metric)));
    expect([...names].filter((name) => !KNOWN.includes(name))).toEqual([]);
    expect(names).toContain('http_duration_bucket');
    // Native histograms.
    expect(names).toContain('http_duration');
  });

  it('draws the mean dashed and the percentiles beside it solid', () => {
    const percentilePanels = panelsOf(dashboard).filter(({ title }) => title?.startsWith('Percentiles'));
    expect(percentilePanels).toHaveLength(1);
    const [{ targets = [], fieldConfig }] = percentilePanels as [(typeof percentilePanels)[number]];
    const dashed = fieldConfig?.overrides
      .filter(({ properties }) =>
        properties.some(({ id, value }) => id === 'custom.lineStyle' && value.fill === 'dash'),
      )
      .map(({ matcher }) => matcher.options);
    const named = (targets as unknown as { refId: string; legendFormat: string }[]).map(({ refId, legendFormat }) => [
      legendFormat,
      dashed?.includes(refId),
    ]);
    expect(named).toEqual([
      ['p99', false],
      ['p90', false],
      ['p50', false],
      ['mean', true],
    ]);
  });

  it('shows a message in an empty table, and a dash in an empty cell', () => {
    const tables = panelsOf(dashboard).filter(({ type }) => type === 'table');
    expect(tables.length).toBeGreaterThan(0);
    for (const { title, fieldConfig } of tables) {
      expect(fieldConfig?.defaults.noValue, title).toMatch(/^n/);
      expect(fieldConfig?.overrides[0], title).toEqual({
        matcher: { id: 'byRegexp', options: '/.*/' },
        properties: [{ id: 'noValue', value: '-' }],
      });
    }
  });

  it('starts with the default objective of the rules', () => {
    const objective = variablesOf(dashboard).find(({ name }) => name === 'objective');
    expect(objective?.current?.value).toBe(String(DEFAULT_OBJECTIVES.latency.seconds));
    expect(String(objective?.query).split(',').map(Number)).toEqual([...DEFAULT_OBJECTIVES.buckets]);
  });

  it('offers each deploy by its version, with its time as the value', () => {
    const { regex = '' } = variablesOf(dashboard).find(({ name }) => name === 'deploy') ?? {};
    // Grafana writes a result of Prometheus in this form, and then applies the regular expression.
    const result = '{service_version="1.1.0-rc.1"} 1790000000 1790000060000.25';
    const option = regex && { ...new RegExp(regex.slice(1, -1)).exec(result)?.groups };
    expect(option).toEqual(dashboard.uid === 'apm-endpoint' ? { text: '1.1.0-rc.1', value: '1790000000' } : '');
  });

  it('uses each of its variables', () => {
    const text = JSON.stringify({ ...dashboard, templating: variablesOf(dashboard).map(({ query }) => query) });
    const unused = variablesOf(dashboard).filter(
      ({ name }) => !new RegExp(`\\$(\\{${name}[:}]|${name}\\b)`).test(text),
    );
    expect(unused.map(({ name }) => name)).toEqual([]);
  });
});
