import type { Comparison, Side } from '../../../statistics/model.ts';
import { MIN_ROUNDS } from '../options.ts';
import { formatConfidence, formatLength } from './format.ts';
import { measureName } from './words.ts';

const MAX_NAMED_ENDPOINTS = 3;

/**
 * What a comparison says, for its first lines: what became worse or better, or why nothing is claimed. One sentence or two each.
 * @param nameOf  how an endpoint is written, by its key
 */
export function describeResult(comparison: Comparison, nameOf: (key: string) => string): string[] {
  const tooShort = describeTooShort(comparison);
  const claims = (['worse', 'better'] as const).flatMap((verdict) => describeClaims(comparison, verdict, nameOf));
  if (tooShort.length + claims.length > 0) return [...tooShort, ...claims];
  const verdicts = resultsOf(comparison, nameOf).flatMap(({ measures }) => measures.map(({ verdict }) => verdict));
  if (verdicts.every((verdict) => verdict === 'too few requests')) {
    return [
      `Too few requests: nothing is claimed. On each side, p50 needs 20 of them, p90 100 and p99 1,000. ${REMEDIES[comparison.method]}`,
    ];
  }
  if (verdicts.includes('no evidence')) {
    return [`No evidence of a change: nothing is claimed. ${STRONGER_EVIDENCE[comparison.method]}`];
  }
  return [
    'Nothing is claimed: there are too few requests, or both sides are in the same bucket of the histogram or in neighbouring ones.',
  ];
}

/** `Worse: GET /a (p50, mean), the service (mean).` */
function describeClaims(
  comparison: Comparison,
  verdict: 'better' | 'worse',
  nameOf: (key: string) => string,
): string[] {
  const claims = resultsOf(comparison, nameOf).flatMap(({ name, measures }) => {
    const names = measures
      .filter((one) => one.verdict === verdict)
      .map(({ measure }) => measureName(measure, comparison.objective));
    return names.length > 0 ? [`${name} (${names.join(', ')})`] : [];
  });
  if (claims.length === 0) return [];
  const more = claims.length - MAX_NAMED_ENDPOINTS;
  const listed = [...claims.slice(0, MAX_NAMED_ENDPOINTS), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return [`${verdict === 'better' ? 'Better' : 'Worse'}: ${listed}.`];
}

const resultsOf = ({ service, endpoints }: Comparison, nameOf: (key: string) => string) => [
  { ...service, name: 'the service' },
  ...endpoints.map((result) => ({ ...result, name: nameOf(result.key) })),
];

const REMEDIES: Readonly<Record<Comparison['method'], string>> = {
  rounds: 'Give more --rounds.',
  periods: 'Record for longer, or give longer periods.',
  versions: 'Give a longer --since.',
};

const STRONGER_EVIDENCE: Readonly<Record<Comparison['method'], string>> = {
  rounds: REMEDIES.rounds,
  periods: 'Record for longer, or use --rounds.',
  versions: 'Give a longer --since, or use --rounds.',
};

/** `Too short: before is 3.5 min; 9.5 min are needed.`, where a side is. */
function describeTooShort({ method, sides, durations }: Comparison): string[] {
  if (durations.every(({ seconds, needed }) => seconds >= needed)) return [];
  if (method === 'rounds') {
    const rounds = Math.min(...sides.map(({ blocks }) => blocks.length));
    const names = sides.map(({ name }) => name).join(' and ');
    return [`Too short: ${names} have ${describeRounds(rounds)}; ${MIN_ROUNDS} are needed. ${REMEDIES.rounds}`];
  }
  const short = durations.flatMap(({ seconds, needed }, i) =>
    seconds < needed
      ? [
          `${(sides[i] as Side).name} is ${formatLength(seconds, Math.floor)}; ${formatLength(needed, Math.ceil)} are needed`,
        ]
      : [],
  );
  return [`Too short: ${short.join(', and ')}. ${REMEDIES[method]}`];
}

const describeRounds = (count: number): string => `${count} ${count === 1 ? 'round' : 'rounds'}`;

/** A side with its time: `before: 2026-11-23 07:00:00 to 07:06:00 UTC, 6 min`. */
export function describeSide(method: Comparison['method'], { name, blocks }: Side): string {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return name;
  const [from, to] = [first.from, last.to].map((at) => new Date(at * 1000).toISOString().slice(0, 19).split('T'));
  const [[day, start], [lastDay, end]] = [from, to] as [[string, string], [string, string]];
  const time = `${day} ${start} to ${day === lastDay ? '' : `${lastDay} `}${end} UTC`;
  const length = method === 'rounds' ? describeRounds(blocks.length) : formatLength(last.to - first.from);
  return `${name}: ${time}, ${length}`;
}

/** The start-up of processes that was left out, in one line; empty where nothing was. */
export function describeLeftOut({ sides, leftOut }: Comparison): string[] {
  const parts = leftOut.flatMap((seconds, i) =>
    seconds > 0 ? [`${formatLength(seconds)} of ${(sides[i] as Side).name}`] : [],
  );
  return parts.length === 0
    ? []
    : [`Left out: ${parts.join(' and ')}, when requests were still slower after a process had started.`];
}

const METHODS: Readonly<Record<Comparison['method'], string>> = {
  rounds: 'Rounds in random order, under the same load.',
  periods: 'Two periods, one after the other: what else changed is part of the difference.',
  versions: 'Both versions at the same time.',
};

/** The method in one line. */
export const describeMethod = ({ method, confidence }: Comparison): string =>
  `${METHODS[method]} Together, verdicts hold at ${formatConfidence(confidence)}. More: --explain`;
