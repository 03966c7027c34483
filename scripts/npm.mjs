// How to run npm: by the Node that started it, without a shell. `npm_execpath` is not npm's where another package manager
// runs the script; then npm is looked up on PATH.
const cli = process.env.npm_execpath;

/** @returns {string[]} the program, and its first arguments */
export function npmCommand() {
  if (!cli || !/npm-cli\.js$/.test(cli)) return ['npm'];
  return [process.env.npm_node_execpath ?? process.execPath, cli];
}
