import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, toJson } from '../../grafana/dashboards.ts';
import { panels, targets, variables } from './expressions.ts';
import { RULES } from './lint.ts';

type Loose<T> = { -readonly [K in keyof T]?: unknown };

const named = (dashboard: Dashboard, name: string) =>
  variables(dashboard).find((one) => one.name === name) as Loose<VariableModel>;
const first = (dashboard: Dashboard) => panels(dashboard)[0] as Panel;
const looser = (dashboard: Dashboard) => first(dashboard) as Loose<Panel>;
const query = (dashboard: Dashboard) => targets(first(dashboard))[0] as Dataquery;

function rewrite(from: string, to: string) {
  return (dashboard: Dashboard) => {
    const { expr } = query(dashboard);
    expect(expr).toContain(from);
    query(dashboard).expr = expr.replace(from, to);
  };
}

/** For each rule, a change that breaks it, mostly in the panel Requests, and the message of the rule. */
const BROKEN: Record<string, [breakRule: (dashboard: Dashboard) => void, message: string]> = {
  'template-datasource-rule': [
    (d) => (named(d, 'datasource').query = 'loki'),
    '$datasource: query should be "prometheus"',
  ],
  'template-job-rule': [(d) => (named(d, 'job').multi = false), '$job: multi should be true'],
  'template-instance-rule': [(d) => (named(d, 'instance').allValue = '.*'), '$instance: allValue should be ".+"'],
  'template-label-promql-rule': [
    (d) => (named(d, 'job').query = 'label_values(http_requests_total{, job)'),
    '$job: no PromQL after _total{',
  ],
  'template-on-time-change-reload-rule': [
    (d) => (named(d, 'job').refresh = 1),
    '$job: should be refreshed when the time range changes',
  ],
  'panel-datasource-rule': [
    (d) => (query(d).datasource = { type: 'prometheus', uid: 'abc' }),
    `Requests: should query \${datasource}`,
  ],
  'panel-title-description-rule': [(d) => (looser(d).description = ''), 'Requests: needs a title and a description'],
  'panel-units-rule': [
    (d) => (looser(d).fieldConfig = { defaults: { unit: 'requests' } }),
    'Requests: needs one of the allowed units',
  ],
  'panel-no-targets-rule': [(d) => (looser(d).targets = []), 'Requests: has no query'],
  'target-promql-rule': [rewrite('))', ')'), 'Requests A: no PromQL after [251s])'],
  'target-rate-interval-rule': [
    rewrite('[$__rate_interval]', '[5m]'),
    'Requests A: http_requests_total: rate() should use $__rate_interval',
  ],
  'target-job-rule': [rewrite('job=~"$job"', 'job="shop"'), 'Requests A: http_requests_total: needs job=~"$job"'],
  'target-instance-rule': [
    rewrite('"$instance"', '"$instance|"'),
    'Requests A: http_requests_total: needs instance=~"$instance"',
  ],
  'target-counter-agg-rule': [
    rewrite('rate(', 'max_over_time('),
    'Requests A: http_requests_total: is a counter: it needs rate() or increase()',
  ],
  'uneditable-dashboard': [(d) => (d.editable = true), 'editable should be false'],
  'no inputs': [
    (d) => Object.assign(d, { __inputs: [] }),
    '__inputs asks a question at import, which provisioning cannot answer',
  ],
  'panels have unique ids': [(d) => (looser(d).id = 1), 'Requests: id 1'],
  'queries have unique refIds': [(d) => (query(d).refId = ''), 'Requests: refIds should be set and unique'],
  'panels do not overlap': [
    (d) => (looser(d).gridPos = { x: 0, y: 0, w: 4, h: 4 }),
    'Requests: overlaps Is it slow or failing now?',
  ],
};

it('each rule has a change that breaks it', () => {
  expect(Object.keys(BROKEN)).toEqual(Object.keys(RULES));
});

describe.each(Object.keys(DASHBOARDS))('the dashboard %s', (name) => {
  const dashboard = () => JSON.parse(toJson(DASHBOARDS[name] as Dashboard)) as Dashboard;

  describe.each(Object.entries(RULES))('%s', (rule, check) => {
    it('holds', () => expect(check(dashboard())).toEqual([]));

    it('reports a violation', () => {
      const [breakRule, message] = BROKEN[rule] as (typeof BROKEN)[string];
      const broken = dashboard();
      breakRule(broken);
      expect(check(broken)).toEqual([message]);
    });
  });
});
