import type { Dashboard, DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, toJson } from '../../grafana/dashboards.ts';
import { panelsOf, targetsOf, variablesOf } from './expressions.ts';
import { findSelectors } from './promql.ts';

const dashboards: Dashboard[] = Object.values(DASHBOARDS).map((dashboard) => JSON.parse(toJson(dashboard)));
const variableNames = (dashboard: Dashboard) => variablesOf(dashboard).map(({ name }) => name);

/** The problems of a link in the dashboard `from`. A row of its panel has `labels`. */
function linkProblems({ url = '' }: DashboardLink, from: Dashboard, labels: readonly string[]): string[] {
  const [address = '', query = ''] = url.split('?');
  const target = dashboards.find(({ uid }) => address === `/d/${uid}`);
  if (!target) return [`${address}: no such dashboard`];
  return query.split('&').flatMap((part) => {
    const passed = /^\$\{(?<name>\w+):queryparam\}$/.exec(part)?.groups?.name;
    if (passed)
      return variableNames(from).includes(passed) && variableNames(target).includes(passed)
        ? []
        : [`${part}: no such variable`];
    const set = /^var-(?<name>\w+)=\$\{__data\.fields\.(?<label>\w+):percentencode\}$/.exec(part)?.groups;
    if (set) {
      const { name = '', label = '' } = set;
      return variableNames(target).includes(name) && labels.includes(label)
        ? []
        : [`${part}: no such variable or label`];
    }
    return part === `\${__url_time_range}` ? [] : [`${part}: unknown parameter`];
  });
}

/** The labels that the result of every expression of a panel has, by the outermost grouping. */
function labelsOf(exprs: readonly string[]): string[] {
  const sets = exprs.map((expr) => [...expr.matchAll(/ by \(([^)]*)\)/g)].map(([, by = '']) => by.split(', ')));
  const [first = []] = sets.map((groups) => groups[0] ?? []);
  return first.filter((label) => sets.every((groups) => groups.every((group) => group.includes(label))));
}

describe.each(dashboards)('the links of $title', (dashboard) => {
  it('lead only to existing dashboards and variables', () => {
    const problems = panelsOf(dashboard).flatMap((panel) =>
      (panel.fieldConfig?.defaults.links ?? []).flatMap((link) =>
        linkProblems(link, dashboard, labelsOf(targetsOf(panel).map(({ expr }) => expr))),
      ),
    );
    expect(problems).toEqual([]);
  });

  it('lead to the other dashboards by their common tag', () => {
    expect(
      dashboard.links?.map(({ type, tags, includeVars, keepTime }) => [type, tags, includeVars, keepTime]),
    ).toEqual([['dashboards', dashboard.tags, true, true]]);
  });
});

it('a slowest endpoint links to the endpoint dashboard with its job, path, method and time range', () => {
  const service = dashboards.find(({ uid }) => uid === 'apm-service') as Dashboard;
  const links = panelsOf(service).filter(({ title }) => title === 'Slowest endpoints');
  expect(links.flatMap(({ fieldConfig }) => fieldConfig?.defaults.links?.map(({ url }) => url))).toEqual([
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's own
    [
      '/d/apm-endpoint?${__url_time_range}',
      '${datasource:queryparam}',
      '${prefix:queryparam}',
      '${instance:queryparam}',
      'var-job=${__data.fields.job:percentencode}',
      'var-path=${__data.fields.path:percentencode}',
      'var-method=${__data.fields.method:percentencode}',
    ].join('&'),
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's own
  ]);
});

it('these tests detect a broken link', () => {
  const [service] = dashboards as [Dashboard];
  const link = (url: string) => ({ url }) as DashboardLink;
  expect(linkProblems(link('/d/apm-nothing?var-job=1'), service, [])).toEqual(['/d/apm-nothing: no such dashboard']);
  expect(linkProblems(link(`/d/apm-endpoint?\${min_requests:queryparam}`), service, [])).toEqual([
    `\${min_requests:queryparam}: no such variable`,
  ]);
  const host = `var-path=\${__data.fields.host:percentencode}`;
  expect(linkProblems(link(`/d/apm-endpoint?${host}`), service, ['path'])).toEqual([
    `${host}: no such variable or label`,
  ]);
});

it('the dashboards have the variables that the links of alerts set', () => {
  const variableNamesOf = (uid: string) =>
    variableNames(dashboards.find((dashboard) => dashboard.uid === uid) as Dashboard);
  expect(variableNamesOf('apm-service')).toEqual(expect.arrayContaining(['job']));
  expect(variableNamesOf('apm-endpoint')).toEqual(expect.arrayContaining(['job', 'path', 'method']));
});

it('these tests find the labels of a row in its expressions', () => {
  expect(labelsOf(['sum by (job, path) (x)', 'max by (job, path, le) (y)'])).toEqual(['job', 'path']);
  expect(findSelectors('sum by (job) (rate(x{a="b"}[1m]))')).toEqual([
    { metric: 'x', matchers: ['a="b"'], range: '1m', fn: 'rate' },
  ]);
});
