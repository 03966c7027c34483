// The trend of a value over a run.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Growth per ten minutes: the median slope of all pairs of samples (Theil-Sen), which outliers hardly change. */
export function slopePer10Minutes(samples, by) {
  const slopes = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      slopes.push(((by(samples[j]) - by(samples[i])) / (samples[j].at - samples[i].at)) * 600);
    }
  }
  return median(slopes);
}

/** The median of the first half and of the second half. */
export function medianOfHalves(samples, by) {
  const middle = Math.floor(samples.length / 2);
  return [samples.slice(0, middle), samples.slice(middle)].map((half) => median(half.map(by)));
}
