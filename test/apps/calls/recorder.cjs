// Records outgoing calls, with the sources of the built package. Preloaded, like the package itself.
const { join } = require('node:path');
const { HTTP_SOURCES } = require(join(__dirname, '../../../dist/calls/http-sources.js'));

const open = new Set();
const ended = [];
const sink = {
  started: (call) => void open.add(call),
  ended(call) {
    if (!open.delete(call)) throw new Error('a call ended twice, or had not started');
    ended.push(call);
  },
};
const watch = ({ withDetails = false } = {}) => {
  const stops = HTTP_SOURCES.map((source) => source.watch({ sink, isIgnored: () => false, withDetails }));
  return () => stops.forEach((stop) => void stop());
};

globalThis.recorder = {
  stop: watch({ withDetails: process.env.DETAILS === 'true' }),
  /** Waits until no call is open. @returns those that have ended since it was called last */
  async take() {
    const deadline = Date.now() + 5_000;
    while (open.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
    if (open.size > 0) throw new Error(`still open: ${JSON.stringify([...open].map(({ target }) => target))}`);
    return ended.splice(0);
  },
};
