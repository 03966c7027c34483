const COLOUR_CODES = { red: 31, green: 32, yellow: 33 } as const;
export type Colour = keyof typeof COLOUR_CODES;

/** Replaces control characters: text from another process must not move the cursor of this terminal. */
export const stripControls = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** Whether to colour the output: on a terminal, unless NO_COLOR is set. @see https://no-color.org */
export function hasColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Wraps text in the escape codes of a colour. */
export const paint = (colour: Colour, text: string): string => `\x1b[${COLOUR_CODES[colour]}m${text}\x1b[0m`;
