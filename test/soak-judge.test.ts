import { describe, expect, it } from 'vitest';

/** These modules of the soak program have no types. */
const importSoak = (name: string) => import(new URL(`../soak/${name}`, import.meta.url).href);
const { judge } = (await importSoak('judge.mjs')) as {
  judge(run: ReturnType<typeof runOf>): { what: string; found: string; ok: boolean }[];
};
const { expectedCounts, Increase } = (await importSoak('counts.mjs')) as {
  expectedCounts(tally: object, answeredBeforeKill: Map<number, number>): object;
  Increase: new () => { add(text: string): void; total: number; leaders: number; decreases: number };
};

const SAMPLE_INTERVAL_SECONDS = 10;
const counts = { exact: 900, killed: 100, beforeKill: 80, interrupted: 5, scraped: 990, decreases: 0 };
const leaders = { ...counts, replaced: 6, leaders: 7 };

/** Samples of a process without leaks over this time. Its memory fluctuates. */
const calmSamples = (seconds: number) =>
  Array.from({ length: seconds / SAMPLE_INTERVAL_SECONDS }, (_, i) => ({
    at: 5 + i * SAMPLE_INTERVAL_SECONDS,
    rss: 80 + 3 * Math.sin(i * 2.4),
    heap: 10 + Math.sin(i * 1.7) / 2,
    fds: (30 + (i % 3)) as number | undefined,
    listeners: 18,
    resources: 9,
    late: { p99: 12, max: 40 + (i % 7) },
  }));
type Samples = ReturnType<typeof calmSamples>;

function failedChecks(seconds: number, change: (run: ReturnType<typeof runOf>) => void): string[] {
  const run = runOf(seconds);
  change(run);
  return judge(run)
    .filter(({ ok }) => !ok)
    .map(({ what }) => what);
}

const runOf = (seconds: number) => ({
  seconds,
  every: SAMPLE_INTERVAL_SECONDS,
  processes: { primary: calmSamples(seconds), leader: calmSamples(seconds), follower: calmSamples(seconds) } as Record<
    string,
    Samples
  >,
  baseline: { primary: calmSamples(60), leader: calmSamples(60), follower: calmSamples(60) },
  counts: { ...counts },
  leaders: { ...leaders },
});

const growBy = (key: 'rss' | 'heap' | 'listeners' | 'resources', perTenMinutes: number) => (samples: Samples) => {
  for (const sample of samples) sample[key] += Math.floor((sample.at / 600) * perTenMinutes * 100) / 100;
};

describe('half an hour of a soak', () => {
  const half = 1_800;

  it('passes when memory only fluctuates', () => {
    expect(failedChecks(half, () => {})).toEqual([]);
  });

  it.each(['primary', 'leader', 'follower'])('fails when the %s leaks', (name) => {
    const leak = (by: (samples: Samples) => void) =>
      failedChecks(half, ({ processes }) => by(processes[name] as Samples));
    expect(leak(growBy('rss', 0.8))).toEqual([]);
    expect(leak(growBy('rss', 1.3))).toEqual([`RSS of the ${name}, per 10 minutes`]);
    expect(leak(growBy('heap', 1.3))).toEqual([`heap of the ${name} after gc, per 10 minutes`]);
    expect(leak(growBy('listeners', 1))).toEqual([`listeners of the ${name}`]);
    expect(leak(growBy('resources', 30))).toEqual([`active resources of the ${name}, first and second half`]);
    const descriptors = leak((samples) => {
      for (const sample of samples) sample.fds = Math.floor(sample.at / 20);
    });
    expect(descriptors).toEqual([`descriptors of the ${name}, first and second half`]);
    const late = leak((samples) => {
      for (const sample of samples) sample.late.p99 = 60;
    });
    expect(late).toEqual([`event loop delay of the ${name}`]);
  });

  it('fails when a process ended early, or sent no samples', () => {
    expect(failedChecks(half, ({ processes }) => processes.follower?.splice(90))).toEqual(['samples of the follower']);
    expect(failedChecks(half, ({ processes }) => delete processes.leader)).toEqual(['samples of the leader']);
  });

  it('reports that descriptors cannot be counted on a system without /proc', () => {
    const run = runOf(half);
    for (const sample of run.processes.leader as Samples) sample.fds = undefined;
    expect(judge(run)).toContainEqual({
      what: 'descriptors of the leader',
      found: 'not checked: this system has no /proc',
      ok: true,
    });
  });

  it.each([
    ['fails when requests are lost', 979, ['requests in the scrapes']],
    ['passes when only requests of killed processes are lost', 980, []],
    ['passes when only interrupted requests are counted too', 1_005, []],
    ['fails when requests are counted twice', 1_006, ['requests in the scrapes']],
  ])('compares the counts as exactly as they can be known: %s', (_, scraped, verdict) => {
    expect(failedChecks(half, (run) => Object.assign(run.counts, { scraped }))).toEqual(verdict);
    expect(failedChecks(half, (run) => Object.assign(run.leaders, { scraped }))).toEqual(verdict);
  });

  it('fails when no process took over as leader, or a total fell', () => {
    expect(failedChecks(half, (run) => Object.assign(run.leaders, { leaders: 6 }))).toEqual([
      '**then the leader is replaced repeatedly**',
    ]);
    expect(failedChecks(half, (run) => Object.assign(run.counts, { decreases: 1 }))).toHaveLength(1);
  });
});

it('a short soak tolerates the initial growth of V8 memory, and fails on large leaks', () => {
  const leader = (by: (samples: Samples) => void) =>
    failedChecks(600, ({ processes }) => by(processes.leader as Samples));
  expect(leader(growBy('rss', 40))).toEqual([]);
  expect(leader(growBy('rss', 140))).toEqual(['RSS of the leader, second half minus first']);
  expect(leader(growBy('heap', 14))).toEqual(['heap of the leader after gc, second half minus first']);
});

describe('what a soak counts', () => {
  const text = (leader: string, ok: number, missing: number) =>
    [
      `target_info{service_instance_id="${leader}"} 1`,
      `http_requests_total{path="/users/:id",method="GET",status_code="200"} ${ok}`,
      `http_requests_total{path="unmatched",method="GET",status_code="404"} ${missing}`,
      'http_requests_total{path="/slow/:id",method="GET",status_code="499"} 7',
      'http_requests_total{path="/abort",method="GET",status_code="200"} 8\n',
    ].join('\n');

  it('adds up the counters of several leaders, also if the next leader begins with more than the last one had', () => {
    const seen = new Increase();
    for (const each of [text('a', 5, 1), text('a', 10, 2), text('b', 20, 0), text('b', 19, 0)]) seen.add(each);
    expect([seen.total, seen.leaders, seen.decreases]).toEqual([31, 2, 1]);
  });

  it('expects every request of workers that exited, and of killed workers those that they had answered before', () => {
    const tally = { answered: { 11: 100, 12: 50, 13: 7 }, interrupted: 3 };
    expect(expectedCounts(tally, new Map([[12, 40]]))).toEqual({
      exact: 107,
      killed: 50,
      beforeKill: 40,
      workers: 3,
      interrupted: 3,
    });
  });
});
