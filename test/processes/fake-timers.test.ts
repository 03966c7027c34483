import { expect, it } from 'vitest';
import { ask, Service } from './group.ts';

it('uses no timer that a test of the app has faked, neither as leader nor as follower', async () => {
  const service = await Service.create();
  const env = { OTEL_METRICS_EXPORTER: 'otlp,prometheus' };
  const leader = await service.start('fake-timers.mjs', { env });
  await leader.waitForOutput(/metrics at/);
  const follower = await service.start('fake-timers.mjs', { env });
  await follower.waitForOutput(/served by/);
  await ask(follower.port, 2);
  await service.merged(2);
  for (const { port } of [leader, follower]) {
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('');
  }
});
