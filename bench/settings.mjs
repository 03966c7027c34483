// The sizes of all measurements. On two cores the full run takes about 12 minutes, the quick one about 150 seconds.
// There are many short rounds instead of few long ones: on a busy machine the speed changes within seconds, so only
// rounds close in time can be compared. Rounds of routes are longer, so that each includes garbage collections, which
// are the largest cost of the data kept for a request.
export const full = {
  generations: 8,
  requestRounds: 30,
  requests: 500,
  warmUp: 12_000,
  scrapeProcesses: 3,
  scrapes: 5,
  idleStarts: 60,
  serverStarts: 20,
  memoryStarts: 7,
  memoryRequests: 15_000,
  // Each round takes about a second.
  httpCalls: { generations: 5, rounds: 10, calls: 15_000, warmUp: 60_000 },
  fetchCalls: { generations: 5, rounds: 10, calls: 8_000, warmUp: 24_000 },
  callingRequests: { generations: 3, rounds: 8, requests: 8_000, warmUp: 16_000 },
  databases: { generations: 3, rounds: 10, calls: 20_000, warmUp: 60_000 },
  contexts: { generations: 4, rounds: 10, requests: 15_000, warmUp: 60_000 },
  routeGenerations: 6,
  routeRounds: 16,
  routeRequests: 1_000,
  routeWarmUp: 6_000,
  firstStarts: 15,
};

export const quick = {
  generations: 3,
  requestRounds: 12,
  requests: 500,
  warmUp: 8_000,
  scrapeProcesses: 1,
  scrapes: 4,
  idleStarts: 8,
  serverStarts: 5,
  memoryStarts: 2,
  memoryRequests: 8_000,
  httpCalls: { generations: 2, rounds: 6, calls: 15_000, warmUp: 60_000 },
  fetchCalls: { generations: 2, rounds: 6, calls: 8_000, warmUp: 24_000 },
  callingRequests: { generations: 1, rounds: 6, requests: 8_000, warmUp: 16_000 },
  databases: { generations: 1, rounds: 8, calls: 10_000, warmUp: 30_000 },
  contexts: { generations: 1, rounds: 8, requests: 15_000, warmUp: 60_000 },
  routeGenerations: 3,
  routeRounds: 8,
  routeRequests: 1_000,
  routeWarmUp: 4_000,
  firstStarts: 4,
};
