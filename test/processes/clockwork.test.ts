import { expect, it } from 'vitest';
import { ask, Service } from './group.ts';

it('makes no timer of a clock that tests of the app have faked, neither scraped itself nor merged', async () => {
  const service = await Service.create();
  const env = { OTEL_METRICS_EXPORTER: 'otlp,prometheus' };
  const first = await service.start('clockwork.mjs', { env });
  await first.said(/metrics at/);
  const second = await service.start('clockwork.mjs', { env });
  await second.said(/served by/);
  await ask(second.port, 2);
  await service.merged(2);
  for (const { port } of [first, second]) expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('');
});
