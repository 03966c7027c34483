import { afterEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { createProcessSeries } from '../../src/metrics/process-series.ts';
import { VitalsReader } from '../../src/metrics/vitals.ts';

afterEach(() => vi.restoreAllMocks());

it('reads the cores in use by a clock that the app has not replaced', () => {
  const config = loadConfig({}, {}, {});
  const vitals = new VitalsReader(createProcessSeries(config).active);
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const { user } = process.cpuUsage();
  while (process.cpuUsage().user - user < 100_000);
  // Other threads of this process also use CPU, but not 20 cores. With a clock that stands still, the value would be 100.
  expect(vitals.read().cpu).toBeLessThan(20);
});
