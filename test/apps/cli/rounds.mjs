// As the command line runs rounds: Ctrl-C ends them.

import { sidesOfRounds } from '../../../dist/cli/compare/sources/rounds/rounds.js';
import { interruptible } from '../../../dist/cli/interruption.js';

const [a, b, load] = process.argv.slice(2);
const say = (line) => console.log(line);
try {
  await interruptible((signal) => sidesOfRounds({ rounds: 100, a, b, load, env: process.env, signal, say }));
} catch (error) {
  console.log(error.name);
}
