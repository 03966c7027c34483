import { addUp, type TimelineInterval } from './decode.ts';

/** The chosen value of each of the app's own labels, in their order; undefined where any will do. */
export type LabelChoice = readonly (string | undefined)[];

/** The intervals with only the requests that have the chosen labels. What processes and hosts report is not split. */
export function withLabels(
  intervals: readonly TimelineInterval[],
  choice: LabelChoice,
  buckets: number,
): readonly TimelineInterval[] {
  if (choice.every((value) => value === undefined)) return intervals;
  return intervals.map((interval) => {
    const chosen = interval.labelled.filter(({ labels }) =>
      choice.every((value, i) => value === undefined || labels[i] === value),
    );
    return { ...interval, ...addUp(chosen, buckets) };
  });
}

/** The values of each label that the intervals have, sorted; an empty one is no label. */
export function labelValues(intervals: readonly TimelineInterval[], count: number): string[][] {
  const found = Array.from({ length: count }, () => new Set<string>());
  for (const { labelled } of intervals) {
    for (const { labels } of labelled) for (let i = 0; i < count; i++) found[i]?.add(labels[i] ?? '');
  }
  return found.map((values) => [...values].sort());
}
