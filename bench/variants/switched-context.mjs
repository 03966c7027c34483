// Ours, with a context that the bench turns off and on: two processes differ by more than the half microsecond that a context
// costs, so both states are measured in the same process.
import { createRequire } from 'node:module';
import '../../dist/register.js';

const { Context } = createRequire(import.meta.url)('../../dist/context/context.js');

const { enter } = Context.prototype;
let isOn = true;
Context.prototype.enter = function (request) {
  if (isOn) return enter.call(this, request);
  // Until Node 24 its hooks run for every promise, until it is disabled.
  this.stop();
};

globalThis.benchSwitchContext = (on) => {
  isOn = on;
};
