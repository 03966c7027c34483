// Loaded before the preload. A message with a number makes the system clock jump by that many milliseconds.
const { now } = Date;
let jumped = 0;
Date.now = () => now() + jumped;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now()] : args));
  }
};
process.on('message', (message) => {
  if (typeof message !== 'number') return;
  jumped = message;
  process.send('jumped');
});
