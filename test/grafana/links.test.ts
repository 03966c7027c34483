import type { Dashboard, DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, toJson } from '../../grafana/dashboards.ts';
import { panels, targets, variables } from './expressions.ts';
import { selectors } from './promql.ts';

const all: Dashboard[] = Object.values(DASHBOARDS).map((dashboard) => JSON.parse(toJson(dashboard)));
const names = (dashboard: Dashboard) => variables(dashboard).map(({ name }) => name);

/** What is wrong with a link that is in `from`; a row of its panel has `labels`. */
function wrong({ url = '' }: DashboardLink, from: Dashboard, labels: readonly string[]): string[] {
  const [address = '', query = ''] = url.split('?');
  const target = all.find(({ uid }) => address === `/d/${uid}`);
  if (!target) return [`${address}: no such dashboard`];
  return query.split('&').flatMap((part) => {
    const passed = /^\$\{(?<name>\w+):queryparam\}$/.exec(part)?.groups?.name;
    if (passed)
      return names(from).includes(passed) && names(target).includes(passed) ? [] : [`${part}: no such variable`];
    const set = /^var-(?<name>\w+)=\$\{__data\.fields\.(?<label>\w+):percentencode\}$/.exec(part)?.groups;
    if (set) {
      const { name = '', label = '' } = set;
      return names(target).includes(name) && labels.includes(label) ? [] : [`${part}: no such variable or label`];
    }
    return part === `\${__url_time_range}` ? [] : [`${part}: is not understood`];
  });
}

/** The labels that every expression of a panel is grouped by last. */
function labelsOf(exprs: readonly string[]): string[] {
  const sets = exprs.map((expr) => [...expr.matchAll(/ by \(([^)]*)\)/g)].map(([, by = '']) => by.split(', ')));
  const [first = []] = sets.map((groups) => groups[0] ?? []);
  return first.filter((label) => sets.every((groups) => groups.every((group) => group.includes(label))));
}

describe.each(all)('the links of $title', (dashboard) => {
  it('lead to dashboards and variables that there are', () => {
    const problems = panels(dashboard).flatMap((panel) =>
      (panel.fieldConfig?.defaults.links ?? []).flatMap((link) =>
        wrong(link, dashboard, labelsOf(targets(panel).map(({ expr }) => expr))),
      ),
    );
    expect(problems).toEqual([]);
  });

  it('lead to the other dashboards by the tag that all have', () => {
    expect(
      dashboard.links?.map(({ type, tags, includeVars, keepTime }) => [type, tags, includeVars, keepTime]),
    ).toEqual([['dashboards', dashboard.tags, true, true]]);
  });
});

it('from the slowest endpoints, the endpoint is opened with its job, path, method and time', () => {
  const service = all.find(({ uid }) => uid === 'apm-service') as Dashboard;
  const links = panels(service).filter(({ title }) => title === 'Slowest endpoints');
  expect(links.flatMap(({ fieldConfig }) => fieldConfig?.defaults.links?.map(({ url }) => url))).toEqual([
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's own
    [
      '/d/apm-endpoint?${__url_time_range}',
      '${datasource:queryparam}',
      '${instance:queryparam}',
      'var-job=${__data.fields.job:percentencode}',
      'var-path=${__data.fields.path:percentencode}',
      'var-method=${__data.fields.method:percentencode}',
    ].join('&'),
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's own
  ]);
});

it('a link to nowhere is noticed', () => {
  const [service] = all as [Dashboard];
  const link = (url: string) => ({ url }) as DashboardLink;
  expect(wrong(link('/d/apm-nothing?var-job=1'), service, [])).toEqual(['/d/apm-nothing: no such dashboard']);
  expect(wrong(link(`/d/apm-endpoint?\${min_requests:queryparam}`), service, [])).toEqual([
    `\${min_requests:queryparam}: no such variable`,
  ]);
  const host = `var-path=\${__data.fields.host:percentencode}`;
  expect(wrong(link(`/d/apm-endpoint?${host}`), service, ['path'])).toEqual([`${host}: no such variable or label`]);
});

it('alerts find the variables they set', () => {
  const variablesOf = (uid: string) => names(all.find((dashboard) => dashboard.uid === uid) as Dashboard);
  expect(variablesOf('apm-service')).toEqual(expect.arrayContaining(['job']));
  expect(variablesOf('apm-endpoint')).toEqual(expect.arrayContaining(['job', 'path', 'method']));
});

it('the labels of a row are found in its expressions', () => {
  expect(labelsOf(['sum by (job, path) (x)', 'max by (job, path, le) (y)'])).toEqual(['job', 'path']);
  expect(selectors('sum by (job) (rate(x{a="b"}[1m]))')).toEqual([
    { metric: 'x', matchers: ['a="b"'], range: '1m', fn: 'rate' },
  ]);
});
