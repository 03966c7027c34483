import { it } from 'vitest';
import type { App } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { until } from '../support/exposition.ts';
import { byPath, leaderOf } from './faults.ts';
import { expectScrape, Service } from './group.ts';

/** More than APM_MAX_PATHS, in folders of less than 50 names each: so each is a guess of its own. */
const SCANNED = 550;
const client = new Client();

/** A process with routes at `port`, and guesses at `guessed`. */
interface Member {
  readonly app: App;
  readonly guessed: number;
}

async function startMember(service: Service): Promise<Member> {
  const app = await service.start('routes-and-guesses.mjs');
  const [, guessed] = await app.waitForOutput(/^guessed at (\d+)$/m);
  await app.waitForOutput(/metrics at/);
  return { app, guessed: Number(guessed) };
}

/** @param word other paths for each word */
async function scan({ guessed }: Member, word: string): Promise<void> {
  const paths = Array.from({ length: SCANNED }, (_, i) => `/${word}/${name(Math.floor(i / 25))}/${name(i % 25)}`);
  await Promise.all(paths.map((path) => client.send(guessed, `GET ${path}`)));
}
const name = (i: number): string => String.fromCharCode(97 + i).repeat(3);

/** Asks for the route and not for the guess, unless a port is given. */
async function ask({ app }: Member, times: number, path: string, port = Number(app.port)): Promise<void> {
  for (let i = 0; i < times; i++) await client.send(port, `GET ${path}`);
}

/** The counts of these paths. */
const only =
  (...paths: string[]) =>
  (text: string): Record<string, number> =>
    Object.fromEntries(Object.entries(byPath(text)).filter(([path]) => paths.includes(path)));

it('counts routes by their route, whatever number of paths scanners have found at any process, also after a handover', async () => {
  const service = await Service.create();
  const leader = await startMember(service);
  const [first, second] = await Promise.all([startMember(service), startMember(service)]);
  await service.merged(3);

  // The leader's own 500 guesses are the limit for all processes: those of the others, and /reports, are `other`.
  await scan(leader, 'one');
  await until(
    () => service.scrape(),
    (text) => 'other' in byPath(text),
  );
  await Promise.all([scan(first, 'two'), ask(second, 3, '/reports', second.guessed)]);
  await expectScrape(() => service.scrape(), { other: 2 * SCANNED - 500 + 3 }, only('other', '/reports'));

  await ask(second, 4, '/orders/17');
  const routes = only('/orders/:order', '/reports', '/late/:name');
  await expectScrape(() => service.scrape(), { '/orders/:order': 4 }, routes);
  // Once one process knows it as a route, the guesses of the other one are of that route, too.
  await ask(first, 5, '/reports');
  await expectScrape(() => service.scrape(), { '/orders/:order': 4, '/reports': 5 }, routes);
  await ask(second, 6, '/reports', second.guessed);
  await expectScrape(() => service.scrape(), { '/orders/:order': 4, '/reports': 11 }, routes);

  // The leader hands over guesses and routes that no scrape has shown.
  await scan(leader, 'one');
  await ask(leader, 7, '/late/ann');
  await Promise.all([ask(leader, 1, '/exit'), leader.app.exit]);
  await leaderOf(service, [leader.app]);
  await Promise.all([scan(first, 'two'), scan(second, 'three')]);
  await until(
    () => service.merged(2),
    (text) => 'other' in byPath(text),
  );
  await ask(second, 8, '/orders/18');
  await ask(first, 9, '/late/bob');
  await expectScrape(() => service.scrape(), { '/orders/:order': 8, '/late/:name': 16 }, routes);
  client.close();
});
