/**
 * Customers. They arrive at a steady rate, whether or not the shop keeps up: waiting for an answer before sending the
 * next request would send less exactly while the shop is slow, and so leave the slowest moments out of the figures.
 */
import { setTimeout as wait } from 'node:timers/promises';

const PER_SECOND = 60;
const MOST_WAITING = 600;

const id = () => 1 + Math.floor(Math.random() * 100_000);
const post = (order) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(order),
});

/** How often in two seconds, and what. */
const MIX = [
  [48, () => [`/users/${id()}`]],
  [24, () => ['/products']],
  [15, () => ['/orders', post({ items: ['tea'] })]],
  [30, () => [`/checkout/${id()}`]],
  [1, () => ['/users/0']],
  [1, () => ['/orders', post({})]],
  [1, () => ['/wp-login.php']],
];

/** Two seconds' requests in random order: dealt like cards rather than diced, so that even a short run has every kind. */
function shuffled() {
  const deck = MIX.flatMap(([times, make]) => Array(times).fill(make));
  for (let i = deck.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [deck[i], deck[j]] = [deck[j], deck[i]];
  }
  return deck;
}

/**
 * Sends requests until the signal.
 * @returns counts that go on changing until then, and a way to let those end that were sent
 */
export function startTraffic(url, signal, perSecond = PER_SECOND) {
  const counts = { sent: 0, waiting: 0, unanswered: 0, finish };
  let deck = [];

  async function send() {
    if (counts.waiting >= MOST_WAITING) return;
    if (deck.length === 0) deck = shuffled();
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

  const gap = 1000 / perSecond;
  let due = performance.now();
  const timer = setInterval(() => {
    // After a pause (a laptop's lid closed) it goes on from now instead of sending what was missed.
    if (performance.now() - due > 1000) due = performance.now();
    for (; due <= performance.now(); due += gap) send();
  }, 4);
  signal.addEventListener('abort', () => clearInterval(timer));

  /** Sends nothing more, and resolves when everything has its answer. */
  async function finish() {
    clearInterval(timer);
    while (counts.waiting > 0) await wait(10);
  }
  return counts;
}
