/** Prints a block of lines again and again: in place on a terminal, one after another into a file or a pipe. */
export function screen(stream) {
  let height = 0;
  const rows = (line) => Math.max(1, Math.ceil(line.length / (stream.columns || 80)));

  return {
    show(lines) {
      const back = stream.isTTY && height > 0 ? `\x1b[${height}A\x1b[0J` : '';
      stream.write(`${back}\n${lines.join('\n')}\n`);
      height = lines.reduce((sum, line) => sum + rows(line), 1);
    },
    /** A line that stays; the next block comes below it. */
    say(line) {
      stream.write(`${line}\n`);
      height = 0;
    },
  };
}
