// Loaded before the preload of this package: a clock that stands still, until the app lets a request take some seconds.
import { performance } from 'node:perf_hooks';

let milliseconds = 1_000;
performance.now = () => milliseconds;
globalThis.spend = (seconds) => {
  milliseconds += seconds * 1_000;
};
