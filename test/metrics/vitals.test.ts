import { afterEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { views } from '../../src/metrics/otel/views.ts';
import { OutgoingCalls } from '../../src/metrics/outgoing-calls.ts';
import { RequestSeries } from '../../src/metrics/series.ts';
import { Vitals } from '../../src/metrics/vitals.ts';

afterEach(() => vi.restoreAllMocks());

it('says how many cores a process used by a clock that the app has not replaced', () => {
  const config = loadConfig({}, {}, {});
  const vitals = new Vitals(new RequestSeries(views(config), config.knownMethods), new OutgoingCalls([1]));
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const { user } = process.cpuUsage();
  while (process.cpuUsage().user - user < 100_000);
  // This thread's, and what the others of this process do besides: by a clock that stands still it would be a hundred.
  expect(vitals.read().cpu).toBeLessThan(20);
});
