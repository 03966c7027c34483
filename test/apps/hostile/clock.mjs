// Preloaded before everything: a system clock that jumps by so many milliseconds when the app is told to.
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
