// The load, a process of its own: keep-alive connections with one request at a time on each, at full rate. Tells how many
// requests each worker has answered; a connection that ends in the middle of one leaves it `unsure`.
import { connect } from 'node:net';

const CONNECTIONS = 16;
/** A connection is left after so many requests, so that all workers have their share, new ones too. */
const REQUESTS = 1_000;
/** One request in so many is one whose client leaves; it has a path of its own. */
const ABORT_EVERY = 500;
const [port] = process.argv.slice(2).map(Number);
const answered = new Map();
let unsure = 0;
let sent = 0;
let open = CONNECTIONS;
let over = false;

function target() {
  const n = sent++;
  if (n % 100 === 7) return `/slow/${n % 9}`;
  // A scanner: never the same path twice.
  if (n % 10 === 3) return `/missing/page${n}x`;
  return n % 2 ? `/users/${n % 5_000}` : `/orders/${n % 7_000}/items`;
}

function drive() {
  const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
  let text = '';
  let waiting = false;
  let left = REQUESTS * (0.5 + Math.random());
  const ask = () => {
    if (over || left-- < 0) return socket.end();
    waiting = true;
    socket.write(`GET ${target()} HTTP/1.1\r\nHost: soak\r\n\r\n`);
    if (sent % ABORT_EVERY === 0) abort();
  };
  socket.on('connect', ask);
  socket.on('data', (data) => {
    text += data;
    // The one answer there is ends with its body: chunked, or of a length.
    if (!text.endsWith('hello') && !text.endsWith('late')) return;
    const pid = Number(/X-Worker: (\d+)/.exec(text)[1]);
    answered.set(pid, (answered.get(pid) ?? 0) + 1);
    text = '';
    waiting = false;
    ask();
  });
  socket.on('error', () => {});
  // A cluster loses a connection whose worker ends while it is handed over.
  socket.setTimeout(5_000, () => socket.destroy());
  socket.on('close', () => {
    if (waiting) unsure++;
    if (!over) return void setTimeout(drive, 5);
    open--;
    if (open === 0) process.send({ done: tally() });
  });
}

function abort() {
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('GET /abort HTTP/1.1\r\nHost: soak\r\n\r\n');
    socket.destroy();
  });
  socket.on('error', () => {});
}

const tally = () => ({ answered: Object.fromEntries(answered), unsure });

process.on('message', ({ question, stop }) => {
  if (stop) over = true;
  else process.send({ question, tally: tally() });
});
process.on('disconnect', () => process.exit());
for (let i = 0; i < CONNECTIONS; i++) drive();
