import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../../src/base/log.ts';
import { type ConfigOptions, loadConfig } from '../../src/config/load.ts';
import { type ConfigKey, VARIABLES } from '../../src/config/variables.ts';
import { CASES } from './cases.ts';

const KEYS = Object.keys(VARIABLES) as ConfigKey[];
const DEFAULTS = Object.fromEntries(KEYS.map((key) => [key, VARIABLES[key].fallback]));
const env = (of: 'good' | 'bad', keys = KEYS) =>
  Object.fromEntries(keys.map((key) => [VARIABLES[key].variable, CASES[key][of]]));

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => logged.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  setLogLevel('info');
});

it('is tested with a valid and an invalid value of every variable', () => {
  expect(Object.keys(CASES).sort()).toEqual(KEYS.slice().sort());
});

it('describes every variable once, with its meaning and what is expected', () => {
  const rows = Object.values(VARIABLES);
  expect(new Set(rows.map((row) => row.variable)).size).toBe(rows.length);
  for (const row of rows) {
    expect(row.variable).toMatch(/^(OTEL|APM)_[A-Z_]+$/);
    expect(row.meaning).toMatch(/^[A-Z`].*\.$/);
    expect(row.expected).not.toBe('');
  }
});

describe.each(KEYS)('%s', (key) => {
  const { good, value, bad, line, ...rest } = CASES[key];
  const { variable } = VARIABLES[key];

  it('accepts a valid value and logs nothing', () => {
    expect(loadConfig({}, {}, { [variable]: ` ${good} ` })).toEqual({ ...DEFAULTS, [key]: value });
    expect(logged).toEqual([]);
  });

  it('logs one line for an invalid value: what was expected, what was given, what is used', () => {
    const used = 'used' in rest ? rest.used : DEFAULTS[key];
    expect(loadConfig({}, {}, { [variable]: bad })).toEqual({ ...DEFAULTS, [key]: used });
    expect(logged).toEqual([`[@org/apm] ${line}`]);
  });

  it('accepts the same values as an option, which wins over the variable', () => {
    expect(loadConfig({ [key]: good } as ConfigOptions, {}, { [variable]: bad })).toEqual({
      ...DEFAULTS,
      [key]: value,
    });
    expect(logged).toEqual([]);
  });

  it('logs the same line for an invalid option', () => {
    loadConfig({ [key]: bad } as ConfigOptions, {}, { [variable]: good });
    expect(logged).toEqual([`[@org/apm] setupApm({ ${key} })${line.slice(variable.length)}`]);
  });
});

it('accepts all valid values together', () => {
  const values = Object.fromEntries(KEYS.map((key) => [key, CASES[key].value]));
  expect(loadConfig({}, {}, env('good'))).toEqual(values);
  expect(logged).toEqual([]);
});

it('logs one line for each of many invalid values', () => {
  loadConfig({}, {}, env('bad'));
  expect(logged).toEqual(KEYS.map((key) => `[@org/apm] ${CASES[key].line}`));
});

it('treats an empty variable as unset', () => {
  for (const empty of ['', '  ', '\t']) {
    const unset = Object.fromEntries(KEYS.map((key) => [VARIABLES[key].variable, empty]));
    expect(loadConfig({}, {}, unset)).toEqual(DEFAULTS);
  }
  expect(logged).toEqual([]);
});

it('never logs a secret, or the password of a URL', () => {
  const secrets = KEYS.filter((key) => VARIABLES[key].secret);
  expect(secrets).toEqual(['authToken', 'otlpHeaders', 'otlpMetricsHeaders', 'otlpClientKey', 'otlpMetricsClientKey']);
  loadConfig({}, {}, { ...env('bad', secrets), OTEL_EXPORTER_OTLP_ENDPOINT: 'htp://user:password@collector' });
  expect(logged.length).toBe(secrets.length + 1);
  for (const secret of ['correct horse', 'Bearer', 'user', 'password']) expect(logged.join()).not.toContain(secret);
});

it('shortens a long value', () => {
  loadConfig({}, {}, { APM_BUCKETS: 'x'.repeat(1000) });
  expect(logged[0]).toContain(`given "${'x'.repeat(80)}...";`);
});

it('returns a frozen configuration', () => {
  const config = loadConfig({}, {}, {});
  expect(Object.isFrozen(config)).toBe(true);
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
});

it('suggests the right name for a misspelt variable, and ignores variables of other tools', () => {
  loadConfig(
    {},
    {},
    {
      APM_ROUTE: '/users/:id',
      APM_METRIC_PATH: '/m',
      APM_SERVICE_NAME: 'shop',
      APM_AUTHTOKEN: 'secret',
      APM_X: '1',
      ELASTIC_APM_SERVER_URL: 'http://elsewhere',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXEMPLAR_FILTER: 'always_off',
    },
  );
  expect(logged).toEqual([
    '[@org/apm] APM_ROUTE: there is no such variable; did you mean APM_ROUTES?',
    '[@org/apm] APM_METRIC_PATH: there is no such variable; did you mean APM_METRICS_PATH?',
    '[@org/apm] APM_SERVICE_NAME: there is no such variable; did you mean OTEL_SERVICE_NAME?',
    '[@org/apm] APM_AUTHTOKEN: there is no such variable; did you mean APM_AUTH_TOKEN?',
  ]);
});

describe('options in code', () => {
  it('are accepted as arrays, objects, numbers and booleans', () => {
    const options = {
      buckets: [0.1, 1],
      exporters: ['otlp'],
      ignorePaths: [],
      knownMethods: ['GET'],
      outgoing: false,
      port: 0,
      resourceAttributes: { 'a,b=c': 'd,e=f%', lone: '\ud800' },
      routes: ['/users/:id'],
      serviceName: 'shop',
    } as const;
    expect(loadConfig(options, {}, {})).toEqual({
      ...DEFAULTS,
      ...options,
      resourceAttributes: { 'a,b=c': 'd,e=f%', lone: '\ufffd' },
    });
    expect(logged).toEqual([]);
  });

  it('that are undefined, null or empty count as not given', () => {
    const options = { serviceName: undefined, host: null, routes: [], resourceAttributes: {} };
    expect(loadConfig(options as unknown as ConfigOptions, {}, { OTEL_SERVICE_NAME: 'shop' })).toEqual({
      ...DEFAULTS,
      serviceName: 'shop',
    });
    expect(logged).toEqual([]);
  });

  it('of any other type are invalid, and nothing is thrown', () => {
    const options = {
      port: Symbol('port'),
      buckets: Object.create(null, { a: { value: 1, enumerable: true } }),
      host: () => {},
      maxPaths: Number.NaN,
    };
    expect(loadConfig(options as unknown as ConfigOptions, {}, {})).toEqual(DEFAULTS);
    expect(logged.length).toBe(4);
  });

  it('replace both variables of a push, also the one for metrics only', () => {
    const options = { otlpEndpoint: 'http://option:1', otlpTimeout: '' };
    const config = loadConfig(
      options as unknown as ConfigOptions,
      {},
      {
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://variable:1/v1/metrics',
        OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '700',
      },
    );
    expect(config).toEqual({ ...DEFAULTS, otlpEndpoint: 'http://option:1', otlpMetricsTimeout: 700 });
    expect(logged).toEqual([]);
  });

  it('keep the valid headers when another one is invalid', () => {
    const options = { otlpHeaders: 'x-tenant=a,authorization=Bearer%0Ab,x-key=c' };
    expect(loadConfig(options as unknown as ConfigOptions, {}, {}).otlpHeaders).toEqual({
      'x-tenant': 'a',
      'x-key': 'c',
    });
    expect(logged.length).toBe(1);
  });

  it('fall back to the defaults in code', () => {
    const config = loadConfig({ exporters: ['console'] as never }, { exporters: ['none'] }, {});
    expect(config.exporters).toEqual(['none']);
    expect(logged).toEqual([
      '[@org/apm] setupApm({ exporters }): expected prometheus, otlp, both separated by a comma, or none, given "console"; none is used instead',
    ]);
  });
});

it('says what is really used instead where another variable decides it', () => {
  const ALL = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';
  loadConfig({}, {}, { APM_HISTOGRAM: 'expo' });
  loadConfig({}, {}, { APM_HISTOGRAM: 'expo', [ALL]: 'base2_exponential_bucket_histogram' });
  loadConfig({}, {}, { OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: 'x', OTEL_EXPORTER_OTLP_TIMEOUT: '20000' });
  loadConfig({}, {}, { OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: 'x' });
  expect(logged.map((line) => line.replace(/^\S+ (\w+): .*; /, '$1: '))).toEqual([
    'APM_HISTOGRAM: explicit is used instead',
    'APM_HISTOGRAM: exponential is used instead',
    'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: OTEL_EXPORTER_OTLP_TIMEOUT is used instead',
    'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: 10000 is used instead',
  ]);
});

it('logs nothing when the log level is none', () => {
  loadConfig({}, {}, { ...env('bad'), OTEL_LOG_LEVEL: 'none' });
  expect(logged).toEqual([]);
});
