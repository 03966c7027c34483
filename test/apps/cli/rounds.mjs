// Runs rounds like the command line: Ctrl-C stops them.
import { runRounds } from '../../../dist/cli/compare/sources/rounds/rounds.js';
import { interruptible } from '../../../dist/cli/interruption.js';

const [a, b, load] = process.argv.slice(2);
const onProgress = (line) => console.log(line);
try {
  await interruptible((signal) => runRounds({ rounds: 100, a, b, load, env: process.env, signal, onProgress }));
} catch (error) {
  console.log(error.name);
}
