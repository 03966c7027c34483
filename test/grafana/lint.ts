/**
 * The rules of Grafana's dashboard-linter that are about Prometheus, and some additional rules.
 * @see https://github.com/grafana/dashboard-linter/blob/main/docs/index.md
 */
import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { fillVariables, panelsOf, targetsOf, variablesOf } from './expressions.ts';
import { findMistakes, findSelectors, type Selector } from './promql.ts';

type Rule = (dashboard: Dashboard) => string[];

/** A duration that no expression contains, so that it can only come from the variable. */
const RATE_INTERVAL = '251s';
/** The units of Grafana that the dashboards use; `none` is a ratio. The linter allows no custom unit. */
const UNITS = ['none', 'percentunit', 'reqps', 's', 'short'];
const UID = `\${datasource}`;

interface Target {
  readonly name: string;
  /** `$job` and `$instance` are not filled in, so that a rule can distinguish them from a value. */
  readonly expr: string;
}

function queriesOf(dashboard: Dashboard): Target[] {
  const kept = { job: '$job', instance: '$instance', deploy: '1790000000' };
  const values = { __rate_interval: RATE_INTERVAL, __range: '1h', __range_s: '3600', __interval: '1m', ...kept };
  return panelsOf(dashboard).flatMap((panel) =>
    targetsOf(panel).map(({ expr, refId }) => ({
      name: `${panel.title} ${refId}`,
      expr: fillVariables(expr, dashboard, values),
    })),
  );
}

const checkPanels =
  (check: (panel: Panel) => boolean, message: string): Rule =>
  (dashboard) =>
    panelsOf(dashboard)
      .filter((panel) => !check(panel))
      .map(({ title, id }) => `${title || id}: ${message}`);

const checkSelectors =
  (check: (selector: Selector) => boolean, message: string): Rule =>
  (dashboard) =>
    queriesOf(dashboard).flatMap(({ name, expr }) =>
      findSelectors(expr)
        .filter((selector) => !check(selector))
        .map(({ metric }) => `${name}: ${metric}: ${message}`),
    );

function checkVariable(name: string, wanted: Partial<VariableModel>): Rule {
  return (dashboard) => {
    const found = variablesOf(dashboard).find((one) => one.name === name);
    if (!found) return [`$${name}: missing`];
    return Object.entries(wanted)
      .filter(([key, value]) => JSON.stringify(found[key as keyof VariableModel]) !== JSON.stringify(value))
      .map(([key, value]) => `$${name}: ${key} should be ${JSON.stringify(value)}`);
  };
}

const LABEL_VARIABLE = {
  type: 'query',
  multi: true,
  includeAll: true,
  allValue: '.+',
  datasource: { type: 'prometheus', uid: UID },
};

/** Alerts of a Collector concern every service. */
const ALERTS_JOB = 'job=~"$job|otelcol|collector"';
/** Alerts of a whole service have no instance. */
const INSTANCE = /^instance=~"\$instance(?<orNone>\|)?"$/;
const selectsInstance = ({ metric, matchers }: Selector) =>
  matchers.some((matcher) => {
    const found = INSTANCE.exec(matcher);
    return found !== null && (metric === 'ALERTS') === (found.groups?.orNone !== undefined);
  });

export const RULES: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': checkVariable('datasource', {
    type: 'datasource',
    label: 'Data source',
    query: 'prometheus',
  } as Partial<VariableModel>),
  'template-job-rule': checkVariable('job', { ...LABEL_VARIABLE, label: 'Job' } as Partial<VariableModel>),
  'template-instance-rule': checkVariable('instance', {
    ...LABEL_VARIABLE,
    label: 'Instance',
  } as Partial<VariableModel>),
  'template-label-promql-rule': (dashboard) =>
    variablesOf(dashboard).flatMap(({ name, type, query }) => {
      if (type !== 'query') return [];
      const [, expr] = /^(?:label_values|query_result)\((.*?)(?:, \w+)?\)$/.exec(String(query)) ?? [];
      if (!expr) return [`$${name}: is neither label_values(selector, label) nor query_result(expression)`];
      const wrong = findMistakes(fillVariables(expr, dashboard, { __range: '1h', __range_s: '3600' }));
      return wrong.map((mistake) => `$${name}: no PromQL ${mistake}`);
    }),
  'template-on-time-change-reload-rule': (dashboard) =>
    variablesOf(dashboard)
      .filter(({ type, refresh }) => type === 'query' && refresh !== 2)
      .map(({ name }) => `$${name}: should be refreshed when the time range changes`),
  'panel-datasource-rule': checkPanels(
    (panel) => [panel, ...targetsOf(panel)].every(({ datasource }) => datasource?.uid === UID),
    `should query ${UID}`,
  ),
  'panel-title-description-rule': checkPanels(
    ({ title, description }) => !!title && !!description,
    'needs a title and a description',
  ),
  'panel-units-rule': checkPanels(
    ({ fieldConfig }) => UNITS.includes(fieldConfig?.defaults.unit ?? ''),
    'needs one of the allowed units',
  ),
  'panel-no-targets-rule': checkPanels((panel) => targetsOf(panel).length > 0, 'has no query'),
  'target-promql-rule': (dashboard) =>
    queriesOf(dashboard).flatMap(({ name, expr }) =>
      findMistakes(expr).map((mistake) => `${name}: no PromQL ${mistake}`),
    ),
  'target-rate-interval-rule': checkSelectors(
    ({ fn, range }) => (fn !== 'rate' && fn !== 'irate') || range === RATE_INTERVAL,
    'rate() should use $__rate_interval',
  ),
  'target-job-rule': checkSelectors(
    ({ metric, matchers }) => matchers.includes(metric === 'ALERTS' ? ALERTS_JOB : 'job=~"$job"'),
    'needs job=~"$job"',
  ),
  'target-instance-rule': checkSelectors(selectsInstance, 'needs instance=~"$instance"'),
  'target-counter-agg-rule': checkSelectors(
    ({ metric, fn }) => !/_(total|sum|count|bucket)$/.test(metric) || fn === 'rate' || fn === 'increase',
    'is a counter: it needs rate() or increase()',
  ),
  'uneditable-dashboard': ({ editable }) => (editable === false ? [] : ['editable should be false']),
  'no inputs': (dashboard) =>
    '__inputs' in dashboard ? ['__inputs asks a question at import, which provisioning cannot answer'] : [],
  'panels have unique ids': ({ panels: list = [] }) =>
    list
      .filter(({ id }, index) => !id || list.findIndex((other) => other.id === id) !== index)
      .map(({ title, id }) => `${title}: id ${id}`),
  'queries have unique refIds': checkPanels((panel) => {
    const ids = targetsOf(panel).map(({ refId }) => refId);
    return ids.every(Boolean) && new Set(ids).size === ids.length;
  }, 'refIds should be set and unique'),
  'panels do not overlap': ({ panels: list = [] }) => {
    const taken = new Map<string, string | undefined>();
    return list.flatMap(({ title, gridPos }) => {
      const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      if (w < 1 || h < 1 || x + w > 24) return [`${title}: is not within the 24 columns`];
      const cells = Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
      const other = cells.map((cell) => taken.get(cell)).find(Boolean);
      for (const cell of cells) taken.set(cell, title);
      return other ? [`${title}: overlaps ${other}`] : [];
    });
  },
};
