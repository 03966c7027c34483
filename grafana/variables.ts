import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Objectives } from '../src/cli/rules/objectives.ts';
import { METHOD_LABEL, PATH_LABEL, REQUESTS } from './names.ts';
import { DATASOURCE } from './panel-types/panel-options.ts';
import { SERVICE } from './queries.ts';
import { DEPLOY_TIMES } from './versions.ts';

export const datasource = () =>
  new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus that has the metrics.')
    .type('prometheus');

/** The values of a label, all of them at first. */
function labelVariable(name: string, title: string, selector: string, description: string): QueryVariableBuilder {
  const query = `label_values(${selector}, ${name})`;
  return new QueryVariableBuilder(name)
    .label(title)
    .description(description)
    .datasource(DATASOURCE)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ text: ['All'], value: ['$__all'] });
}

export const job = () => labelVariable('job', 'Job', REQUESTS, 'The service.');
export const instance = () => labelVariable('instance', 'Instance', `${REQUESTS}{job=~"$job"}`, 'The process.');
export const path = () => labelVariable(PATH_LABEL, 'Path', `${REQUESTS}{${SERVICE}}`, 'The route template.');
export const method = () =>
  labelVariable(METHOD_LABEL, 'Method', `${REQUESTS}{${SERVICE}, ${PATH_LABEL}=~"$path"}`, 'The HTTP method.');

/** One of a few values; others may be typed in. */
function choiceVariable(name: string, title: string, values: readonly string[], current: string, description: string) {
  return new CustomVariableBuilder(name)
    .label(title)
    .description(description)
    .values(values.join(','))
    .options(values.map((value) => ({ text: value, value, selected: value === current })))
    .current({ text: current, value: current })
    .multi(false)
    .includeAll(false)
    .allowCustomValue(true);
}

export const objective = ({ latency, buckets }: Objectives) =>
  choiceVariable(
    'objective',
    'Objective (s)',
    buckets.map(String),
    String(latency.seconds),
    'A request that takes longer is slow, seconds. Must be a bound of the histogram (APM_BUCKETS).',
  );

export const minRequests = ({ minRequests }: Objectives) =>
  choiceVariable(
    'min_requests',
    'At least',
    ['1', '10', String(minRequests), '1000'],
    String(minRequests),
    'Endpoints with fewer requests in the time range are left out of the tables: the tail of a handful is chance.',
  );

export const compare = (current: '1h' | '1d' | '1w') =>
  choiceVariable('compare', 'Compare with', ['1h', '1d', '1w'], current, 'How long ago the dashed lines are from.');

export const window = () =>
  choiceVariable(
    'window',
    'Window',
    ['5m', '15m', '30m', '1h', '6h', '1d'],
    '15m',
    'How long before and after the deploy to look.',
  );

/** Grafana gets `{service_version="1.1.0"} 1790000000 1790000060000`; the first number is the deploy, the last is now. */
export const deploy = () =>
  new QueryVariableBuilder('deploy')
    .label('Deploy')
    .description(
      'Versions that appeared in the time range, the newest first. Any Unix time (seconds) may be typed in instead.',
    )
    .datasource(DATASOURCE)
    .query(`query_result(${DEPLOY_TIMES})`)
    .definition(`query_result(${DEPLOY_TIMES})`)
    .regex('/service_version="(?<text>[^"]*)".*} (?<value>[0-9]+) /')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled)
    .multi(false)
    .includeAll(false)
    .allowCustomValue(true);
