// A simulated service, from its start on: its requests go through the history of the service into the page.
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { addValue } from '../../src/metrics/model.ts';
import { History } from '../../src/page/server/history.ts';
import { DEFAULT_BUCKETS } from '../../src/semconv.ts';
import { machine, seededRandom } from '../compare/model.mjs';
import { Watcher } from './watcher.mjs';

const INTERVAL_SECONDS = 5;
/** The page compares after each interval. Verdicts change only after 1, 2, 4, 8 and 16 minutes: each minute finds them all. */
const LOOK_SECONDS = 60;
const MAX_ENDPOINTS = 20;

/** Uniform on a logarithmic scale. */
const between = (random, low, high) => low * (high / low) ** random.uniform();

/** Endpoints as services have them: some busy and some quiet, fast and slow, a part with a tail or with errors. */
function randomEndpoints(random) {
  return Array.from({ length: 1 + Math.floor(random.uniform() * MAX_ENDPOINTS) }, (_, i) => ({
    path: `/route/${i}`,
    perSecond: between(random, 0.1, 30),
    median: between(random, 0.001, 0.3),
    spread: between(random, 0.2, 0.9),
    tail: random.uniform() < 0.5 ? 0 : between(random, 0.002, 0.05),
    tailFactor: between(random, 5, 80),
    errors: random.uniform() < 0.7 ? 0 : between(random, 0.001, 0.05),
  }));
}

/**
 * One process. While it starts, its requests take longer: code is not compiled, connections are not open.
 * @property factor  of the first requests
 * @property seconds after which 1/e of that is left
 */
class Service {
  #history = new History();
  #age = 0;
  #random;
  #endpoints;
  #startup;
  #version;

  constructor(random, endpoints, version) {
    this.#random = random;
    this.#endpoints = endpoints;
    this.#version = version;
    this.#startup = { factor: between(random, 1.5, 20), seconds: between(random, 2, 12) };
  }

  /** Runs for one interval. @param speed  factor on every duration @returns what the page receives */
  async run(at, speed, cursor) {
    const { factor, seconds } = this.#startup;
    this.#age += INTERVAL_SECONDS;
    const slowness = speed * (1 + (factor - 1) * Math.exp(-this.#age / seconds));
    this.#history.onIncrements('1', {
      series: { requests: this.#endpoints.flatMap((one) => this.#requests(one, slowness)) },
    });
    await this.#history.tick(at, INTERVAL_SECONDS * 1000);
    const origin = { every: INTERVAL_SECONDS * 1000, now: at, uptime: this.#age, scrape: '/metrics' };
    const service = { name: 'simulated', version: this.#version };
    return JSON.parse(Buffer.concat(this.#history.pieces(cursor, { ...origin, service })).toString());
  }

  #requests({ path, perSecond, median, spread, tail, tailFactor, errors }, slowness) {
    const { uniform, normal } = this.#random;
    const byStatus = new Map();
    for (let n = poisson(perSecond * INTERVAL_SECONDS, this.#random); n > 0; n--) {
      const status = uniform() < errors ? 500 : 200;
      let series = byStatus.get(status);
      if (series === undefined) {
        const counts = {
          count: 0,
          sum: 0,
          buckets: new Array(DEFAULT_BUCKETS.length + 1).fill(0),
          fine: new FineHistogram(),
        };
        series = { labels: { path, method: 'GET', status }, guessed: false, ...counts };
        byStatus.set(status, series);
      }
      series.count++;
      addValue(
        series,
        DEFAULT_BUCKETS,
        slowness * median * (uniform() < tail ? tailFactor : 1) * Math.exp(spread * normal()),
      );
    }
    return [...byStatus.values()];
  }
}

/** A random number of arrivals. */
function poisson(mean, { uniform, normal }) {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
  let [n, p] = [0, uniform()];
  for (const limit = Math.exp(-mean); p > limit; n++) p *= uniform();
  return n;
}

/**
 * One whole comparison: the service starts, runs for a while, a mark is set, and somebody watches the comparison.
 * @param deploys whether the mark is a deployment: another process with another version, just as fast
 */
export async function simulate({ seed, drift, deploys, secondsBefore, secondsAfter }) {
  const random = seededRandom(seed);
  const speed = machine(drift, random);
  const endpoints = randomEndpoints(random);
  const watcher = new Watcher();
  let service = new Service(random, endpoints, '1.0.0');
  let at = 1e12;
  const run = async (seconds) => {
    for (let t = 0; t < seconds; t += INTERVAL_SECONDS) {
      at += INTERVAL_SECONDS * 1000;
      watcher.receive(await service.run(at, speed(INTERVAL_SECONDS), watcher.cursor));
      if ((t + INTERVAL_SECONDS) % LOOK_SECONDS === 0) watcher.look();
    }
  };
  await run(secondsBefore);
  if (deploys) service = new Service(random, endpoints, '1.0.1');
  else watcher.setMark();
  await run(secondsAfter);
  return watcher;
}
