// How long everything runs. The whole takes about 8 minutes on two cores, the quick one about 90 seconds.
// Many short rounds rather than few long ones: on a busy machine the speed changes within seconds, and only neighbours
// in time compare.
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
  callGenerations: 5,
  callRounds: 20,
  calls: 200,
  callWarmUp: 2_500,
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
  callGenerations: 2,
  callRounds: 10,
  calls: 200,
  callWarmUp: 1_500,
};
