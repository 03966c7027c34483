// How a value goes over a run.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** By how much a value grows in ten minutes: the median slope of all pairs of samples (Theil-Sen), which outliers do not move. */
export function slope(samples, by) {
  const slopes = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      slopes.push(((by(samples[j]) - by(samples[i])) / (samples[j].at - samples[i].at)) * 600);
    }
  }
  return median(slopes);
}

/** The typical value of the first and of the second half. */
export function halves(samples, by) {
  const middle = Math.floor(samples.length / 2);
  return [samples.slice(0, middle), samples.slice(middle)].map((half) => median(half.map(by)));
}
