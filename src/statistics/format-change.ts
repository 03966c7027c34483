/** Beyond ten times as much, the number says nothing more. */
const MAX_SHOWN_CHANGE = 10;

/** How a change is written in a language. */
interface ChangeFormat {
  number(change: number): string;
  over(limit: string): string;
  readonly noLimit: string;
}

/** An end of the interval of a change: `+82 %`, `over +1000 %`, `no limit`. */
export function formatChangeEnd(end: number, { number, over, noLimit }: ChangeFormat): string {
  if (end <= MAX_SHOWN_CHANGE) return number(end);
  return Number.isFinite(end) ? over(number(MAX_SHOWN_CHANGE)) : noLimit;
}
