import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, toJson } from '../../grafana/dashboards.ts';
import { panelsOf, targetsOf, variablesOf } from './expressions.ts';
import { RULES } from './lint.ts';

type Loose<T> = { -readonly [K in keyof T]?: unknown };

const findVariable = (dashboard: Dashboard, name: string) =>
  variablesOf(dashboard).find((one) => one.name === name) as Loose<VariableModel>;
const firstPanel = (dashboard: Dashboard) => panelsOf(dashboard)[0] as Panel;
const looseFirstPanel = (dashboard: Dashboard) => firstPanel(dashboard) as Loose<Panel>;
const firstQuery = (dashboard: Dashboard) => targetsOf(firstPanel(dashboard))[0] as Dataquery;

function replaceInQuery(from: string, to: string) {
  return (dashboard: Dashboard) => {
    const { expr } = firstQuery(dashboard);
    expect(expr).toContain(from);
    firstQuery(dashboard).expr = expr.replace(from, to);
  };
}

/** For each rule, a change that breaks it, mostly in the panel Requests, and the message of the rule. */
const BROKEN: Record<string, [breakRule: (dashboard: Dashboard) => void, message: string]> = {
  'template-datasource-rule': [
    (d) => (findVariable(d, 'datasource').query = 'loki'),
    '$datasource: query should be "prometheus"',
  ],
  'template-job-rule': [(d) => (findVariable(d, 'job').multi = false), '$job: multi should be true'],
  'template-instance-rule': [
    (d) => (findVariable(d, 'instance').allValue = '.*'),
    '$instance: allValue should be ".+"',
  ],
  'template-label-promql-rule': [
    (d) => (findVariable(d, 'job').query = 'label_values(http_requests_total{, job)'),
    '$job: no PromQL after _total{',
  ],
  'template-on-time-change-reload-rule': [
    (d) => (findVariable(d, 'job').refresh = 1),
    '$job: should be refreshed when the time range changes',
  ],
  'panel-datasource-rule': [
    (d) => (firstQuery(d).datasource = { type: 'prometheus', uid: 'abc' }),
    `Requests: should query \${datasource}`,
  ],
  'panel-title-description-rule': [
    (d) => (looseFirstPanel(d).description = ''),
    'Requests: needs a title and a description',
  ],
  'panel-units-rule': [
    (d) => (looseFirstPanel(d).fieldConfig = { defaults: { unit: 'requests' } }),
    'Requests: needs one of the allowed units',
  ],
  'panel-no-targets-rule': [(d) => (looseFirstPanel(d).targets = []), 'Requests: has no query'],
  'target-promql-rule': [replaceInQuery('))', ')'), 'Requests A: no PromQL after [251s])'],
  'target-rate-interval-rule': [
    replaceInQuery('[$__rate_interval]', '[5m]'),
    'Requests A: http_requests_total: rate() should use $__rate_interval',
  ],
  'target-job-rule': [
    replaceInQuery('job=~"$job"', 'job="shop"'),
    'Requests A: http_requests_total: needs job=~"$job"',
  ],
  'target-instance-rule': [
    replaceInQuery('"$instance"', '"$instance|"'),
    'Requests A: http_requests_total: needs instance=~"$instance"',
  ],
  'target-counter-agg-rule': [
    replaceInQuery('rate(', 'max_over_time('),
    'Requests A: http_requests_total: is a counter: it needs rate() or increase()',
  ],
  'uneditable-dashboard': [(d) => (d.editable = true), 'editable should be false'],
  'no inputs': [
    (d) => Object.assign(d, { __inputs: [] }),
    '__inputs asks a question at import, which provisioning cannot answer',
  ],
  'panels have unique ids': [(d) => (looseFirstPanel(d).id = 1), 'Requests: id 1'],
  'queries have unique refIds': [(d) => (firstQuery(d).refId = ''), 'Requests: refIds should be set and unique'],
  'panels do not overlap': [
    (d) => (looseFirstPanel(d).gridPos = { x: 0, y: 0, w: 4, h: 4 }),
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
