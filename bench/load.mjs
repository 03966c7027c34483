// The load generator, a process of its own: raw sockets, keep-alive, one request at a time on each connection.
// http.request would cost more than the server it drives and be what is measured.
import { connect } from 'node:net';
import answer from './app/answers.js';

const TOO_LONG_MS = 60_000;

/** True when `text` is one whole response; every answer of the server says its length. */
function isWhole(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(`unexpected answer: ${text.slice(0, 200)}`);
  return text.length >= head + 4 + Number(/content-length: (\d+)/i.exec(text)[1]);
}

/** One connection, kept between loads so that short rounds do not measure how connections are made. */
class Connection {
  #received = '';

  constructor(port) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk) => this.#receive(chunk.latin1Slice()));
    this.socket.on('error', (error) => this.fail?.(error));
    this.socket.on('close', () => this.fail?.(new Error('the server closed a connection')));
  }

  /** Sends requests, as many as `next` gives, and resolves when the last is answered. */
  drive(next) {
    return new Promise((resolve, reject) => {
      this.fail = reject;
      this.send = () => {
        const request = next();
        if (request) this.socket.write(request);
        else resolve();
      };
      this.send();
    });
  }

  #receive(text) {
    this.#received += text;
    try {
      if (!isWhole(this.#received)) return;
      this.#received = '';
      this.send();
    } catch (error) {
      this.fail(error);
    }
  }
}

/** Connections by port; a port belongs to one server as long as that lives, and a new one asks for new connections. */
const pools = new Map();

function pool(port, size) {
  const open = (pools.get(port) ?? []).filter(({ socket }) => !socket.destroyed);
  while (open.length < size) open.push(new Connection(port));
  pools.set(port, open);
  return open.slice(0, size);
}

const encode = ({ method, path }) =>
  Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${method === 'GET' ? '' : 'Content-Length: 0\r\n'}\r\n`,
  );

let requestTexts = [];
/** Goes on from load to load, so that short rounds do not request the first targets only. */
let at = 0;

/** What the next loads request, in turns; apart from `load`, so that a short round does not spend its time here. */
function aim({ targets }) {
  requestTexts = targets.map(encode);
  at = 0;
}

/** @returns seconds from the first request to the last answer */
async function load({ port, requests, connections }) {
  let sent = 0;
  const next = () => (sent++ < requests ? requestTexts[at++ % requestTexts.length] : undefined);
  const timer = setTimeout(() => process.exit(1), TOO_LONG_MS);
  const start = performance.now();
  await Promise.all(pool(port, connections).map((connection) => connection.drive(next)));
  clearTimeout(timer);
  return (performance.now() - start) / 1000;
}

answer({ aim, load });
