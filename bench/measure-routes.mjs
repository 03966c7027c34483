// The cost of learning the route from a framework: ours with its adapters, compared with ours without adapters.
import { measureFirstRequests } from './first-request.mjs';
import { added, number } from './format.mjs';
import { assertRoutes, startRouteServer } from './route-server.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { bare, noAdapters, ours } from './variants.mjs';

const VARIANTS = [bare, ours, noAdapters, { ...noAdapters, name: 'noAdaptersAgain' }];
const FRAMEWORKS = { express: 'Express 5', fastify: 'Fastify 5' };

export const title = 'routes';

/** The servers send requests to themselves, in turns, so that a change of the machine's speed affects all of them. */
async function measureGeneration({ routeRounds, routeRequests, routeWarmUp }, framework, rounds, group) {
  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startRouteServer(variant, framework);
    servers.set(variant, server);
    await server.ask('drive', { requests: routeWarmUp });
  }
  for (let i = 0; i < routeRounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) {
      round[variant.name] = await servers.get(variant).ask('drive', { requests: routeRequests });
    }
    rounds.add(round, group);
  }
  for (const [variant, server] of servers) {
    await assertRoutes(variant, server, routeWarmUp + routeRounds * routeRequests);
    await server.stop();
  }
}

function reportRows(rounds, name) {
  const us = (variant, against) => rounds.of((round) => round[variant] - round[against]);
  const adapters = us('ours', 'noAdapters');
  return [
    {
      what: `CPU added by the adapters, matched request, ${name}`,
      budget: '<= 0.5 us',
      cells: { ours: added(adapters, 'us'), again: added(us('noAdaptersAgain', 'noAdapters'), 'us') },
      met: adapters.median <= 0.5,
    },
    {
      what: `CPU added in all, ${name}`,
      cells: {
        ours: added(us('ours', 'bare'), 'us'),
        bare: `${number(rounds.of((round) => round.bare).median)} us in all`,
      },
    },
  ];
}

export async function measure(settings) {
  const { routeGenerations, routeRounds, routeRequests, routeWarmUp, firstStarts } = settings;
  const rows = [];
  for (const [framework, name] of Object.entries(FRAMEWORKS)) {
    const rounds = new Rounds();
    for (let i = 0; i < routeGenerations; i++) await measureGeneration(settings, framework, rounds, i);
    rows.push(...reportRows(rounds, name));
  }
  return {
    rows: [...rows, ...(await measureFirstRequests(firstStarts))],
    how: `Routes: user and system time of a process that hands its own server ${routeRequests} requests over streams, without the system's sockets, after ${routeWarmUp} to warm up; 20 routes, 4 of them in a mounted part, all requested alike; ${routeRounds} rounds on each of ${routeGenerations} sets of processes; the count of each route found again in the scrape. What the adapters add is the difference to ours without any, whose paths come from the heuristic, here always from its cache; "again" is a second such process: where its interval is wider than the budget, the machine was too busy for a verdict. First request: client's clock from sending it on an open connection until its answer was read, once everything is loaded, with the adapters against without; ${firstStarts} rounds of fresh processes.`,
  };
}
