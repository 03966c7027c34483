// The load, in its own process: keep-alive connections at full rate, each with one request at a time. It counts the requests
// that each worker answered. A request whose connection ends before the answer counts as interrupted.
import { connect } from 'node:net';

const CONNECTIONS = 16;
/** Connections are replaced after about this many requests, so that new workers get their share too. */
const REQUESTS_PER_CONNECTION = 1_000;
/** After this many requests one more is sent and aborted. It has its own path. */
const REQUESTS_PER_ABORT = 500;
const [port] = process.argv.slice(2).map(Number);
const answered = new Map();
let interrupted = 0;
let sent = 0;
let open = CONNECTIONS;
let stopping = false;

function nextPath() {
  const n = sent++;
  if (n % 100 === 7) return `/slow/${n % 9}`;
  // Like a scanner: a different path each time.
  if (n % 10 === 3) return `/missing/page${n}x`;
  return n % 2 ? `/users/${n % 5_000}` : `/orders/${n % 7_000}/items`;
}

function drive() {
  const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
  let text = '';
  let waiting = false;
  let remaining = REQUESTS_PER_CONNECTION * (0.5 + Math.random());
  const ask = () => {
    if (stopping || remaining-- < 0) return socket.end();
    waiting = true;
    socket.write(`GET ${nextPath()} HTTP/1.1\r\nHost: soak\r\n\r\n`);
    if (sent % REQUESTS_PER_ABORT === 0) abort();
  };
  socket.on('connect', ask);
  socket.on('data', (data) => {
    text += data;
    // Every answer ends with one of these bodies, whether it is chunked or has a length.
    if (!text.endsWith('hello') && !text.endsWith('late')) return;
    const pid = Number(/X-Worker: (\d+)/.exec(text)[1]);
    answered.set(pid, (answered.get(pid) ?? 0) + 1);
    text = '';
    waiting = false;
    ask();
  });
  socket.on('error', () => {});
  // Node's cluster loses a connection if the worker ends while it receives the connection.
  socket.setTimeout(5_000, () => socket.destroy());
  socket.on('close', () => {
    if (waiting) interrupted++;
    if (!stopping) return void setTimeout(drive, 5);
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

const tally = () => ({ answered: Object.fromEntries(answered), interrupted });

process.on('message', ({ question, stop }) => {
  if (stop) stopping = true;
  else process.send({ question, tally: tally() });
});
process.on('disconnect', () => process.exit());
for (let i = 0; i < CONNECTIONS; i++) drive();
