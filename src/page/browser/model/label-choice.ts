import { addUp, type TimelineInterval } from './decode.ts';

/** The chosen value of each of the app's own labels, in their order; undefined where any will do. */
export type LabelChoice = readonly (string | undefined)[];

type Sums = ReturnType<typeof addUp>;

/** The last sums of each interval: adding up half an hour again at each drawing would take long. */
const sums = new WeakMap<TimelineInterval['labelled'], { readonly choice: string; readonly sums: Sums }>();

/** The intervals with only the requests that have the chosen labels. What processes and hosts report is not split. */
export function withLabels(intervals: readonly TimelineInterval[], choice: LabelChoice): readonly TimelineInterval[] {
  if (choice.every((value) => value === undefined)) return intervals;
  return intervals.map((interval) => {
    return { ...interval, ...sumsOf(interval.labelled, choice) };
  });
}

function sumsOf(labelled: TimelineInterval['labelled'], choice: LabelChoice): Sums {
  const key = JSON.stringify(choice);
  const known = sums.get(labelled);
  if (known?.choice === key) return known.sums;
  const added = addUp(
    labelled.filter(({ labels }) => choice.every((value, i) => value === undefined || labels[i] === value)),
  );
  sums.set(labelled, { choice: key, sums: added });
  return added;
}

/** The values of each label that the intervals have, sorted; an empty one is no label. */
export function labelValues(intervals: readonly TimelineInterval[], count: number): string[][] {
  const found = Array.from({ length: count }, () => new Set<string>());
  for (const { labelled } of intervals) {
    for (const { labels } of labelled) for (let i = 0; i < count; i++) found[i]?.add(labels[i] ?? '');
  }
  return found.map((values) => [...values].sort());
}
