/**
 * Prints a block of lines repeatedly: on a terminal it replaces the previous block, in a file or pipe it is appended.
 */
export function createScreen(stream) {
  let height = 0;
  const rows = (line) => Math.max(1, Math.ceil(line.length / (stream.columns || 80)));

  return {
    showBlock(lines) {
      const clearPrevious = stream.isTTY && height > 0 ? `\x1b[${height}A\x1b[0J` : '';
      stream.write(`${clearPrevious}\n${lines.join('\n')}\n`);
      height = lines.reduce((sum, line) => sum + rows(line), 1);
    },
    /** Prints a line that no block replaces; the next block is printed below it. */
    printLine(line) {
      stream.write(`${line}\n`);
      height = 0;
    },
  };
}
