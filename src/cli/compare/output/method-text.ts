import type { Comparison, Method } from '../../../statistics/model.ts';

const TEXTS: Readonly<Record<Method, string>> = {
  rounds: 'Rounds: both ran alternately under the same load. Each round gives one difference.',
  periods: 'Periods: one after the other, so the difference includes everything else that changed.',
  versions: 'Versions: both ran at the same time. Each stretch of time gives one difference.',
};

/** Explains the method, and which side is too short. */
export function methodText({ method, durations, confidence }: Comparison): string {
  const short = durations.flatMap(({ seconds, needed }, i) =>
    seconds < needed
      ? [`${i === 0 ? 'before' : 'after'} is ${formatMinutes(seconds)} min; ${formatMinutes(needed)} are needed`]
      : [],
  );
  return [
    ...(short.length > 0 ? [`Too short: ${short.join(', and ')}.`] : []),
    TEXTS[method],
    `Verdicts hold at ${Number((confidence * 100).toFixed(3))} % for everything together; each interval by itself.`,
  ].join(' ');
}

const formatMinutes = (seconds: number): string => Number((seconds / 60).toPrecision(2)).toString();
