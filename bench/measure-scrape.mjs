// The duration of a scrape, and the longest time for which it blocks the event loop.
import { setTimeout as sleep } from 'node:timers/promises';
import { number, plain } from './format.mjs';
import { countNativeRequests, countRequests, countSnapshotRequests, PROTOBUF, scrape } from './scrape.mjs';
import { median, shuffled, summary } from './stats.mjs';
import { series } from './targets.mjs';
import { ours, oursSpread, promClient, startLoad, startServer, upstream } from './variants.mjs';

const VARIANTS = [ours, upstream, promClient];
const SIZES = [100, 1_000, 10_000];
/** Requests of each series before the first scrape with native histograms: their buckets must be filled. */
const SPREAD_REQUESTS = { 1000: 100, 10000: 30 };
const FORMATS = [
  { name: 'text', headers: {}, count: ({ text }) => countRequests(text) },
  { name: 'protobuf', headers: PROTOBUF, count: ({ body }) => countNativeRequests(body) },
  { name: 'snapshot', headers: {}, path: '/snapshot', count: ({ text }) => countSnapshotRequests(text) },
];
const BUDGETS = { 1000: ['<= 8 ms', undefined, 8], 10000: [undefined, '<= 10 ms', 10] };

export const title = 'scrape';

/** Sends one request for every series, so that all of them change between two scrapes, as in a busy service. */
async function changeAllSeries(variant, server, load, targets) {
  if (variant.routes) {
    await load.ask('load', { port: server.port, requests: targets.length, connections: 16 });
  } else {
    await server.ask('record', { targets });
  }
  // The server records a response when it closes, which can be after the client has read it.
  await sleep(100);
}

/** Scrapes one new process several times. The first scrape is reported separately, as cold. */
async function measureProcess(variant, targets, count, load) {
  const server = await startServer(variant);
  const found = [];
  const size = targets.length;
  for (let i = 1; i <= count + 1; i++) {
    await changeAllSeries(variant, server, load, targets);
    await server.ask('watchStalls');
    const { ms, text } = await scrape(server.metricsUrl);
    found.push({ ms, stall: await server.ask('longestStall') });
    const total = countRequests(text);
    if (total.series !== size || total.count !== i * size) {
      throw new Error(
        `${variant.name}: scrape ${i} shows ${total.count} requests in ${total.series} series; expected ${i * size} in ${size}`,
      );
    }
  }
  await server.stop();
  return { cold: found[0], warm: found.slice(1) };
}

/** Scrapes one new process in all formats, one after the other. */
async function measureFormats(targets, count, load) {
  const server = await startServer(oursSpread);
  const size = targets.length;
  const rounds = SPREAD_REQUESTS[size];
  await load.ask('load', { port: server.port, requests: rounds * size, connections: 16 });
  const found = Object.fromEntries(FORMATS.map(({ name }) => [name, []]));
  for (let i = 0; i <= count; i++) {
    for (const { name, headers, path = '/metrics', count } of shuffled(FORMATS)) {
      await changeAllSeries(oursSpread, server, load, targets);
      await server.ask('watchStalls');
      const answer = await scrape(new URL(path, server.metricsUrl), headers);
      const stall = await server.ask('longestStall');
      found[name].push({ ms: answer.ms, stall, bytes: answer.body.length });
      const total = count(answer);
      const expected = (rounds + Object.values(found).flat().length) * size;
      if (total.series !== size || total.count !== expected) {
        throw new Error(
          `${name} shows ${total.count} requests in ${total.series} series; expected ${expected} in ${size}`,
        );
      }
    }
  }
  await server.stop();
  return found;
}

async function formatRows(size, targets, load, { scrapeProcesses, scrapes }) {
  const processes = [];
  for (let i = 0; i < scrapeProcesses; i++) processes.push(await measureFormats(targets, scrapes, load));
  const limits = { ms: size === 1_000 && 8, stall: size === 10_000 && 10 };
  return FORMATS.flatMap(({ name }) =>
    Object.entries({ ms: 'scrape', stall: 'longest stall' }).map(([field, what]) => {
      const warm = processes.flatMap((process) => process[name].slice(1));
      const figures = summary(warm.map((one) => one[field]));
      const cold = median(processes.map((process) => process[name][0][field]));
      const kibibytes = `${(median(warm.map(({ bytes }) => bytes)) / 1024).toFixed(0)} KiB`;
      const limit = name !== 'text' && (name !== 'snapshot' || field === 'stall') && limits[field];
      return {
        what: `${what}, ${size.toLocaleString('en')} series with spread durations, ${name}`,
        budget: limit ? `<= ${limit} ms` : undefined,
        met: limit ? figures.median <= limit : undefined,
        cells: { ours: `${plain(figures, 'ms')}, cold ${number(cold)}${field === 'ms' ? `, ${kibibytes}` : ''}` },
      };
    }),
  );
}

function row(what, budget, results, field, limit) {
  const cells = {};
  for (const { name } of VARIANTS) {
    const warm = summary(results[name].flatMap((process) => process.warm.map((one) => one[field])));
    const cold = median(results[name].map((process) => process.cold[field]));
    cells[name] = { warm, text: `${plain(warm, 'ms')}, cold ${number(cold)}` };
  }
  const met = limit && cells.ours.warm.median <= limit;
  return {
    what,
    budget,
    met,
    cells: Object.fromEntries(Object.entries(cells).map(([name, { text }]) => [name, text])),
  };
}

export async function measure({ scrapeProcesses, scrapes }) {
  const rows = [];
  for (const size of SIZES) {
    const targets = series(size);
    const load = await startLoad(targets);
    const results = Object.fromEntries(VARIANTS.map(({ name }) => [name, []]));
    for (let i = 0; i < scrapeProcesses; i++) {
      for (const variant of shuffled(VARIANTS)) {
        results[variant.name].push(await measureProcess(variant, targets, scrapes, load));
      }
    }
    const [forTime, forStall, limit] = BUDGETS[size] ?? [];
    const formats = SPREAD_REQUESTS[size] && (await formatRows(size, targets, load, { scrapeProcesses, scrapes }));
    await load.stop();
    const name = `${size.toLocaleString('en')} series`;
    rows.push(row(`scrape, ${name}`, forTime, results, 'ms', forTime && limit));
    rows.push(row(`longest stall, ${name}`, forStall, results, 'stall', forStall && limit));
    if (formats) rows.push(...formats);
  }
  return {
    rows,
    how: `Scrape and stall: client's clock until the last byte, no gzip, ${scrapes} scrapes of each of ${scrapeProcesses} processes after a cold one, every series changed in between; the stall is the longest gap between two turns of a setImmediate loop in the server meanwhile. (path, method) series x 17 bounds; ours and prom-client also hold a request counter for each, upstream has none. With spread durations (log-normal, median 20 ms, sigma 0.8; ${SPREAD_REQUESTS[1000]} requests of each of 1,000 series, ${SPREAD_REQUESTS[10000]} of 10,000), the same process is scraped in all formats in turn: text, protobuf with native histograms, and the JSON of /snapshot.`,
  };
}
