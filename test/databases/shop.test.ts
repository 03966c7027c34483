import { describe, expect, it, type TestContext } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { type App, startApp } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { shared } from '../support/shared.ts';
import { databaseServer } from './support/servers.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));
const ROUTES = ['/users', '/orders', '/cached', '/reports', '/accounts', '/events', '/items', '/plain'];
const SERVERS = ['ferretdb', 'mariadb', 'postgres', 'redis'] as const;

/** Starts the shop, and requests each of its routes twice. */
async function startShop(test: TestContext, env: Record<string, string> = {}): Promise<App> {
  const servers = Object.fromEntries(SERVERS.map((name) => [name, databaseServer(name, test)]));
  const args = [packages(), JSON.stringify(servers)];
  const app = await startApp('test/databases/apps/shop.mjs', { env, args });
  for (const path of [...ROUTES, ...ROUTES]) await (await fetch(app.url(path))).text();
  return app;
}

/** The samples of some metrics. The ports of the servers are replaced by their names. */
async function readMetrics(app: App, test: TestContext, ...names: string[]): Promise<Record<string, number>> {
  const [, tds = ''] = /TDS (\d+)/.exec(app.stdout) ?? [];
  const ports = [...SERVERS.map((name) => [name, databaseServer(name, test).port] as const), ['mssql', tds] as const];
  const text = ports.reduce((text, [name, port]) => text.replaceAll(`${port}`, name), await app.scrape());
  return Object.fromEntries(
    Object.entries(samples(text)).filter(([sample]) => names.includes(sample.split('{')[0] ?? '')),
  );
}

it('counts each call by system, host and operation', async (test) => {
  const app = await startShop(test);
  const read = () => readMetrics(app, test, 'db_client_duration_count', 'http_client_duration_count');
  expect(await until(read, (found) => Object.keys(found).length >= 6)).toEqual({
    'db_client_duration_count{system="mongodb",host="127.0.0.1:ferretdb",operation="find"}': 2,
    'db_client_duration_count{system="postgresql",host="127.0.0.1:postgres",operation="INSERT"}': 2,
    'db_client_duration_count{system="postgresql",host="127.0.0.1:postgres",operation="SELECT"}': 2,
    'db_client_duration_count{system="microsoft.sql_server",host="127.0.0.1:mssql",operation="SELECT"}': 2,
    'db_client_duration_count{system="mysql",host="127.0.0.1:mariadb",operation="SELECT"}': 4,
    'db_client_duration_count{system="redis",host="127.0.0.1:redis",operation="GET"}': 2,
  });
  expect(await app.scrape()).not.toContain('secret');
});

it('has the attributes of the conventions where these name the metrics', async (test) => {
  const app = await startShop(test, { APM_METRIC_NAMES: 'semconv' });
  const read = () => readMetrics(app, test, 'db_client_operation_duration_seconds_count');
  const of = (system: string, operation: string, server: string, error = '') =>
    `db_client_operation_duration_seconds_count{db_system_name="${system}",server_address="127.0.0.1",db_operation_name="${operation}",${error}server_port="${server}"}`;
  expect(await until(read, (found) => Object.keys(found).length >= 7)).toEqual({
    [of('mongodb', 'find', 'ferretdb')]: 2,
    [of('postgresql', 'INSERT', 'postgres', 'error_type="42P01",')]: 2,
    [of('postgresql', 'SELECT', 'postgres')]: 2,
    [of('microsoft.sql_server', 'SELECT', 'mssql')]: 2,
    [of('mysql', 'SELECT', 'mariadb')]: 2,
    [of('mysql', 'SELECT', 'mariadb', 'error_type="ER_NO_SUCH_TABLE",')]: 2,
    [of('redis', 'GET', 'redis')]: 2,
  });
});

it('knows which endpoint made a call, with APM_CONTEXT=true', async (test) => {
  const app = await startShop(test, { APM_CONTEXT: 'true', APM_ROUTES: ROUTES.join() });
  const read = () => readMetrics(app, test, 'http_time_spent_seconds_total');
  const spent = Object.keys(await until(read, (found) => Object.keys(found).length >= 15));
  const onDatabases = spent
    .map((sample) => /path="(.*?)".*on="(.*? .*?)"/.exec(sample))
    .flatMap((match) => (match ? [`${match[1]} ${match[2]}`] : []));
  expect(onDatabases.sort()).toEqual([
    '/accounts postgresql 127.0.0.1:postgres',
    '/cached redis 127.0.0.1:redis',
    '/events postgresql 127.0.0.1:postgres',
    '/items mongodb 127.0.0.1:ferretdb',
    '/orders mysql 127.0.0.1:mariadb',
    '/reports microsoft.sql_server 127.0.0.1:mssql',
    '/users mysql 127.0.0.1:mariadb',
  ]);
});

describe('counts no call of a database', () => {
  it.for(['APM_DATABASES', 'APM_OUTGOING'])('with %s=false', async (variable, test) => {
    const app = await startShop(test, { [variable]: 'false' });
    const read = () => readMetrics(app, test, 'http_requests_total', 'db_client_duration_count');
    const found = await until(read, (found) => Object.keys(found).length > 0);
    expect(Object.keys(found).filter((sample) => sample.startsWith('db_'))).toEqual([]);
  });
});
