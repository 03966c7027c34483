// The load generator, in its own process: raw sockets with keep-alive, and one request at a time on each connection.
// http.request would need more CPU than the server, and would limit the rate.
import { connect } from 'node:net';
import answer from './app/answers.js';

const LOAD_TIMEOUT_MS = 60_000;

/** True when `text` is one complete response. Every answer of the server has a content-length. */
function isComplete(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  if (!text.startsWith('HTTP/1.1 200'))
    throw new Error(`expected an answer with status 200, got: ${text.slice(0, 200)}`);
  return text.length >= head + 4 + Number(/content-length: (\d+)/i.exec(text)[1]);
}

/** A connection that stays open between loads, so that short rounds do not include the time to connect. */
class Connection {
  #received = '';

  constructor(port) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk) => this.#receive(chunk.latin1Slice()));
    this.socket.on('error', (error) => this.fail?.(error));
    this.socket.on('close', () => this.fail?.(new Error('the server closed a connection')));
  }

  /** Sends the requests that `next` returns, one after another. Resolves after the last answer. */
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
      if (!isComplete(this.#received)) return;
      this.#received = '';
      this.send();
    } catch (error) {
      this.fail(error);
    }
  }
}

/** Open connections by the port of their server. */
const pools = new Map();

function connectionsTo(port, size) {
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
/** Continues from load to load, so that short rounds do not request only the first targets. */
let position = 0;

/** Sets the targets of the next loads. Separate from `load`, because encoding the requests takes time. */
function setTargets({ targets }) {
  requestTexts = targets.map(encode);
  position = 0;
}

/** @returns seconds from the first request to the last answer */
async function load({ port, requests, connections }) {
  let sent = 0;
  const next = () => (sent++ < requests ? requestTexts[position++ % requestTexts.length] : undefined);
  const timer = setTimeout(() => process.exit(1), LOAD_TIMEOUT_MS);
  const start = performance.now();
  await Promise.all(connectionsTo(port, connections).map((connection) => connection.drive(next)));
  clearTimeout(timer);
  return (performance.now() - start) / 1000;
}

answer({ setTargets, load });
