// Sends requests to a server within its own process. The cost of the system's sockets varies too much to measure half a
// microsecond. The connections are streams that the server gets as its own, so that Node parses each request and
// publishes its usual channels.
const { Duplex } = require('node:stream');
const { BODY, targets } = require('./routes.js');

const CONNECTIONS = 10;

const requestTexts = targets.map(({ path }) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
/** Continues from load to load, so that every target is requested even if loads are short. */
let position = 0;

class Connection extends Duplex {
  #received = '';

  constructor(server) {
    // Less work in the stream's own code, which is not part of the measurement.
    super({ decodeStrings: false });
    server.emit('connection', this);
  }

  request(answered) {
    this.answered = answered;
    this.push(requestTexts[position++ % requestTexts.length]);
  }

  _read() {}

  _write(text, _, done) {
    this.#received += text;
    done();
    if (!this.#received.endsWith(BODY)) return;
    if (!this.#received.startsWith('HTTP/1.1 200'))
      throw new Error(`expected an answer with status 200, got: ${this.#received}`);
    this.#received = '';
    this.answered();
  }
}

let connections;

/**
 * Sends requests: in each turn of the event loop one on each connection.
 * @returns CPU time of the whole process per request, microseconds
 */
module.exports = async function sendRequests(server, requests) {
  connections ??= Array.from({ length: CONNECTIONS }, () => new Connection(server));
  const before = process.cpuUsage();
  for (let sent = 0; sent < requests; sent += CONNECTIONS) await sendOneEach();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
};

function sendOneEach() {
  return new Promise((resolve) => {
    let open = CONNECTIONS;
    const answered = () => {
      // In the next turn, after Node has finished the responses of this one.
      if (--open === 0) setImmediate(resolve);
    };
    for (const connection of connections) connection.request(answered);
  });
}
