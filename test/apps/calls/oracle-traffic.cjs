// Makes random calls to oracle-server.mjs, the same for the same seed. Prints the number of calls and the sum of their
// seconds, by host, method and status, as each recorder of this process has them. Arguments: the origins of the server as JSON, the seed, the number of calls.
// By `require`, which upstream's instrumentation of `http` needs.
const http = require('node:http');
const https = require('node:https');

const [origins, seed, count] = process.argv.slice(2).map((value) => JSON.parse(value));

// mulberry32
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (values) => values[Math.floor(random() * values.length)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const agents = [
  undefined,
  { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) },
  { http: new http.Agent({ maxSockets: 4 }), https: new https.Agent({ maxSockets: 4 }) },
];

/** How a call goes. Each is as frequent as it stands here. */
const HOWS = ['answer', 'answer', 'answer', 'answer', 'reset', 'cut', 'never', 'never ends', 'closed port', 'upload'];

function randomCall() {
  const how = pick(HOWS);
  return {
    how,
    client: pick(['fetch', 'http']),
    origin: how === 'closed port' ? 'http://127.0.0.1:2' : pick(origins),
    method: how === 'upload' ? pick(['POST', 'PUT']) : pick(['GET', 'DELETE', 'POST']),
    status: pick([200, 200, 201, 204, 302, 404, 500]),
    wait: 50 + Math.floor(random() * 100),
    agent: pick(agents),
    // Whether the response is read as it comes, or destroyed.
    isRead: random() < 0.9,
  };
}

function urlOf({ origin, how, status, wait }) {
  const query = new URLSearchParams({ status, wait, how: how === 'upload' ? 'answer' : how });
  return `${origin}/?${query}`;
}

function byHttp(call) {
  const { origin, method, agent, how, wait, isRead } = call;
  const scheme = origin.startsWith('https') ? 'https' : 'http';
  const options = { method, ...(agent && { agent: agent[scheme] }) };
  return new Promise((resolve) => {
    const request = (scheme === 'https' ? https : http).request(urlOf(call), options, (response) => {
      response.on('error', () => {}).on('close', resolve);
      if (how === 'never ends') return setTimeout(() => request.destroy(), wait);
      if (isRead) response.resume();
      else setTimeout(() => request.destroy(), 1);
    });
    request.on('error', resolve).on('close', resolve);
    if (how === 'never') setTimeout(() => request.destroy(), wait);
    if (how !== 'upload') return request.end();
    request.write('a');
    setTimeout(() => request.end('b'), wait);
  });
}

async function byFetch(call) {
  const { method, how, wait } = call;
  const controller = new AbortController();
  const abort = () => setTimeout(() => controller.abort(), wait);
  if (how === 'never') abort();
  const response = await fetch(urlOf(call), {
    method,
    redirect: 'manual',
    signal: controller.signal,
    ...(how === 'upload' && { body: bodyOf(wait), duplex: 'half' }),
  });
  if (how === 'never ends') abort();
  await response.text();
}

async function* bodyOf(wait) {
  yield Buffer.from('a');
  await pause(wait);
  yield Buffer.from('b');
}

async function main() {
  const next = Array.from({ length: count }, randomCall).values();
  const work = async () => {
    for (const call of next) await (call.client === 'fetch' ? byFetch(call).catch(() => {}) : byHttp(call));
  };
  await Promise.all(Array.from({ length: 40 }, work));
  await pause(50);
  console.log(JSON.stringify({ ours: await total(globalThis.recorder), upstream: await total(globalThis.upstream) }));
  process.exit();
}

async function total(recorder) {
  const found = {};
  for (const { target, status = '-', seconds } of (await recorder?.take()) ?? []) {
    const key = `${target.host} ${target.operation} ${status}`;
    found[key] ??= { count: 0, seconds: 0 };
    found[key].count++;
    found[key].seconds += seconds;
  }
  return found;
}
main();
