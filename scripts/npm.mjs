// The command that runs npm: with the Node that started npm, without a shell. If another package manager runs the script,
// `npm_execpath` is not npm; then npm from PATH is used.
const cli = process.env.npm_execpath;

/** @returns {string[]} the program, and its first arguments */
export function npmCommand() {
  if (!cli || !/npm-cli\.js$/.test(cli)) return ['npm'];
  return [process.env.npm_node_execpath ?? process.execPath, cli];
}
