/**
 * The customers. They send requests at a constant rate, even when the shop is slow. If they waited for each answer
 * before the next request, they would send fewer requests exactly while the shop is slow, and the figures would hide
 * that.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

const REQUESTS_PER_SECOND = 60;
const MAX_WAITING_REQUESTS = 600;

const id = () => 1 + Math.floor(Math.random() * 100_000);
const post = (order) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(order),
});

/** How often each request is sent within two seconds. */
const MIX = [
  [48, () => [`/users/${id()}`]],
  [24, () => ['/products']],
  [15, () => ['/orders', post({ items: ['tea'] })]],
  [30, () => [`/checkout/${id()}`]],
  [1, () => ['/users/0']],
  [1, () => ['/orders', post({})]],
  [1, () => ['/wp-login.php']],
];

/** The requests of two seconds in random order. Every kind is in it, so that even a short run sends them all. */
function shuffleRequests() {
  const deck = MIX.flatMap(([times, make]) => Array(times).fill(make));
  for (let i = deck.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [deck[i], deck[j]] = [deck[j], deck[i]];
  }
  return deck;
}

/**
 * Sends requests until the signal is aborted.
 * @returns counts that keep changing until then, and `finish()`
 */
export function startTraffic(url, signal, perSecond = REQUESTS_PER_SECOND) {
  const counts = { sent: 0, waiting: 0, unanswered: 0, finish };
  let deck = [];

  async function send() {
    if (counts.waiting >= MAX_WAITING_REQUESTS) return;
    if (deck.length === 0) deck = shuffleRequests();
    const [path, options] = deck.pop()();
    counts.sent++;
    counts.waiting++;
    try {
      await (await fetch(url + path, { ...options, signal })).arrayBuffer();
    } catch {
      if (!signal.aborted) counts.unanswered++;
    } finally {
      counts.waiting--;
    }
  }

  // fetch removes its listener only when a finished request is garbage-collected. Without this, Node prints a warning for
  // each request after the first 1,500.
  setMaxListeners(0, signal);
  const gap = 1000 / perSecond;
  let due = performance.now();
  const timer = setInterval(() => {
    // After a pause, such as a closed laptop, requests that were missed are not sent.
    if (performance.now() - due > 1000) due = performance.now();
    for (; due <= performance.now(); due += gap) send();
  }, 4);
  signal.addEventListener('abort', () => clearInterval(timer));

  /** Stops sending, and resolves when every request has its answer. */
  async function finish() {
    clearInterval(timer);
    while (counts.waiting > 0) await wait(10);
  }
  return counts;
}
