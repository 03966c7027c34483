import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
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
    .description('The Prometheus that stores the metrics.')
    .type('prometheus');

/** Empty at first: most services have no prefix. */
export const prefix = () =>
  new TextBoxVariableBuilder('prefix')
    .label('Prefix')
    .description('APM_METRIC_PREFIX of the services, such as shop_. Empty for none.')
    .defaultValue('')
    .current({ text: '', value: '' });

/** A variable with the values of a label. All are selected at first. */
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

/** A variable with some fixed values. Others can be typed in. */
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
    'Requests that take longer count as slow. Seconds; a bound of the histogram (APM_BUCKETS), or any value with native histograms.',
  );

export const minRequests = ({ minRequests }: Objectives) =>
  choiceVariable(
    'min_requests',
    'Min. requests',
    ['1', '10', String(minRequests), '1000'],
    String(minRequests),
    'Minimum number of requests in the time range. The tables leave out endpoints with fewer, because their percentiles are chance.',
  );

export const compare = (current: '1h' | '1d' | '1w') =>
  choiceVariable(
    'compare',
    'Compare with',
    ['1h', '1d', '1w'],
    current,
    'The dashed lines show the data of this long ago.',
  );

export const window = () =>
  choiceVariable(
    'window',
    'Window',
    ['5m', '15m', '30m', '1h', '6h', '1d'],
    '15m',
    'Length of the two periods that are compared, before and after the deploy.',
  );

/** The regex reads `{service_version="1.1.0"} 1790000000 1790000060000`: the time of the deploy, then that of the query. */
export const deploy = () =>
  new QueryVariableBuilder('deploy')
    .label('Deploy')
    .description('Versions that appeared in the time range, newest first. Or type in any Unix time in seconds.')
    .datasource(DATASOURCE)
    .query(`query_result(${DEPLOY_TIMES})`)
    .definition(`query_result(${DEPLOY_TIMES})`)
    .regex('/service_version="(?<text>[^"]*)".*} (?<value>[0-9]+) /')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled)
    .multi(false)
    .includeAll(false)
    .allowCustomValue(true);
