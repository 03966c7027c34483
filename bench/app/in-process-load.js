// Drives a server within its own process: half a microsecond is lost in what the system's sockets cost and vary by.
// Connections are streams handed to the server as its own are, so that Node itself parses each request and publishes
// what it publishes.
const { Duplex } = require('node:stream');
const { BODY, targets } = require('./routes.js');

const CONNECTIONS = 10;

const requestTexts = targets.map(({ path }) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
/** Goes on from load to load, so that each target has its turn however short they are. */
let at = 0;

class Connection extends Duplex {
  #received = '';

  constructor(server) {
    // Fewer turns through the stream's own code, which is not what is measured.
    super({ decodeStrings: false });
    server.emit('connection', this);
  }

  request(answered) {
    this.answered = answered;
    this.push(requestTexts[at++ % requestTexts.length]);
  }

  _read() {}

  _write(text, _, done) {
    this.#received += text;
    done();
    if (!this.#received.endsWith(BODY)) return;
    if (!this.#received.startsWith('HTTP/1.1 200')) throw new Error(`unexpected answer: ${this.#received}`);
    this.#received = '';
    this.answered();
  }
}

let connections;

/**
 * So many requests, one on each connection in a turn of the event loop.
 * @returns CPU time of the whole process for each, microseconds
 */
module.exports = async function drive(server, requests) {
  connections ??= Array.from({ length: CONNECTIONS }, () => new Connection(server));
  const before = process.cpuUsage();
  for (let sent = 0; sent < requests; sent += CONNECTIONS) await turn();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
};

function turn() {
  return new Promise((resolve) => {
    let open = CONNECTIONS;
    const answered = () => {
      // In a turn of its own, when Node is done with the responses of this one.
      if (--open === 0) setImmediate(resolve);
    };
    for (const connection of connections) connection.request(answered);
  });
}
