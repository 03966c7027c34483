import { expect, it } from 'vitest';
import { register } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, startOne } from './faults.ts';
import { ask, processes, Service } from './group.ts';

/** An app that may open few files and sockets. */
const FEW = {
  node: 'sh',
  flags: ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, '--import', register],
};

it.each(['the process that is scraped', 'another'])(
  'gets together again when %s had no file descriptor left',
  async (who) => {
    const service = await Service.create();
    const isOwner = who !== 'another';
    const first = await startOne(service, isOwner ? FEW : {});
    await first.said(/metrics at/);
    const second = await startOne(service, isOwner ? {} : FEW);
    await service.merged(2);
    const [poor, other] = isOwner ? [first, second] : [second, first];
    await ask(poor.port, 1, '/descriptors/2500');
    // One that wants to join just then.
    const third = await startOne(service);
    await ask(other.port, 3, '/bob');
    await ask(third.port, 4, '/cid');
    const found = await until(
      () => service.scrape(),
      (text) => processes(text) === 3 && byPath(text)['/cid'] === 4,
    );
    await poor.said(/given back/);
    await ask(poor.port, 2, '/ann');
    expect(byPath(found)['/bob']).toBe(3);
    expect(byPath(await service.scrape())).toMatchObject({ '/ann': 2, '/bob': 3, '/cid': 4 });
    expect(poor.stderr).not.toMatch(/Error|could not|failed to/);
    expect(poor.child.exitCode).toBeNull();
  },
);
