/**
 * Arguments in which a time that begins with a minus belongs to the option before it: `--before -2h..-1h`, which
 * parseArgs of node:util takes for options.
 */
export const timesAsValues = (args: readonly string[]): string[] =>
  args.reduce<string[]>((all, arg) => {
    const last = all.at(-1);
    if (last !== undefined && /^--[a-z-]+$/.test(last) && /^-\d/.test(arg)) all[all.length - 1] = `${last}=${arg}`;
    else all.push(arg);
    return all;
  }, []);
