import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recentWarnings } from '../../src/base/log.ts';
import { type ConfigOptions, loadConfig } from '../../src/config/load.ts';
import { DEFAULT_BUCKETS } from '../../src/semconv.ts';

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => logged.push(line));
});
afterEach(() => void vi.restoreAllMocks());

const load = (env: Record<string, string>, options: ConfigOptions = {}) => loadConfig(options, {}, env);

it('says in one line that bounds look like milliseconds, and what to write; they are used as they are', () => {
  const given = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];
  const seconds = '0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5';
  expect(load({ APM_BUCKETS: given.join() }).buckets).toEqual(given);
  expect(load({}, { buckets: given }).buckets).toEqual(given);
  const line = `expected seconds, given "${given}", which looks like milliseconds and is used as it is; write ${seconds}`;
  expect(logged).toEqual([`[@org/apm] APM_BUCKETS: ${line}`, `[@org/apm] setupApm({ buckets }): ${line}`]);
});

it('reports it in the status, for apm doctor, without the text that was given', () => {
  load({ APM_BUCKETS: '100,s3cret,500' });
  expect(recentWarnings().slice(-2)).toMatchObject([
    { about: 'setting', text: expect.stringMatching(/^APM_BUCKETS: ignored entry 2 of 3/) },
    {
      about: 'setting',
      text: 'APM_BUCKETS: expected seconds, given what looks like milliseconds; write 0.1,0.5',
    },
  ]);
});

it.each([
  '0.1,5,15,50,100,500', // of prom-client's README
  '0.1,5,15,50,100,200,300,400,500',
  '0,5,10,25,50,75,100,250,500,750,1000,2500,5000,7500,10000', // of the OpenTelemetry SDK, for milliseconds
  '1,2,4,8,16,32,64,128,256,512,1024',
  '50,100,200,400,800,1600',
  '2500,1000,500',
  '5,10,25,50',
  '5,10,25,50,100',
  '10,50,100',
  '25,50,75,100',
  '100,200,300',
  '10,30,100,300,1000',
  '0.5,1,5,10,50,100,250',
  '0.1,0.5,1,5,10,50,100,500,1000',
])('takes %s for milliseconds', (buckets) => {
  load({ APM_BUCKETS: buckets });
  expect(logged.filter((line) => line.includes('which looks like milliseconds'))).toHaveLength(1);
});

it.each([
  DEFAULT_BUCKETS.join(),
  '1,2,5,10,30,60',
  '1,5,10,30,60,100', // Cloudflare gives up after 100 s
  '1,2,5,10,30,60,120,300,600,900,1800,3600',
  '0.5,1,5,15,45,90,150',
  '0.01,0.1,1,10,100,1000',
  '0.3,0.5,0.8,1,1.5,2,2.5,5,10,15,20,30,40,50,60,120,240,480,960,1920,7680', // of vLLM
  '0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,7.5,10', // of OpenTelemetry's conventions
  '30,60,120',
  '1,5,10,30,60,120,300,600', // of batch jobs
  '5,10,30,60,120,300,600',
  '10,20,30,60,90,120',
  '1,2,5,10,20',
  '0.5,1,2.5,5,10,25',
  '0.1,0.25,0.5,1,2.5,5,10,25,50,100',
  '0.1,0.3,1,3,10,30,100',
  '60,300,600,1800,3600,7200',
  '5',
])('takes %s for seconds', (buckets) => {
  load({ APM_BUCKETS: buckets });
  expect(logged).toEqual([]);
});

it.each([
  ['OTEL_METRIC_EXPORT_INTERVAL', '15'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '60'],
  ['OTEL_METRIC_EXPORT_TIMEOUT', '30'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '10'],
  ['OTEL_EXPORTER_OTLP_METRICS_TIMEOUT', '10'],
])('says that %s=%s looks like seconds, and what to write', (variable, given) => {
  load({ [variable]: given });
  expect(logged).toEqual([
    `[@org/apm] ${variable}: expected milliseconds, given "${given}", which looks like seconds and is used as it is; write ${given}000`,
  ]);
});

it('says nothing about an interval that is short on purpose', () => {
  load({ OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_METRIC_EXPORT_TIMEOUT: '100', OTEL_EXPORTER_OTLP_TIMEOUT: '250' });
  expect(logged).toEqual([]);
});
