// What the samples and counts of a run amount to. Each line: what was looked at, what was found, and whether it may be so.

/** Of the parts of an hour: megabytes, or whatever `by` gives, that a value grows by in ten minutes (Theil-Sen). */
export function slope(samples, by) {
  const slopes = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      slopes.push(((by(samples[j]) - by(samples[i])) / (samples[j].at - samples[i].at)) * 600);
    }
  }
  return median(slopes);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const half = (samples, which) =>
  samples.slice(which * Math.floor(samples.length / 2)).slice(0, Math.ceil(samples.length / 2));
const typical = (samples, by) => median(samples.map(by));

/** Megabytes per ten minutes, of a run that is long enough to tell. */
const LIMIT = 1;
/** Megabytes from the first half of a short run to the second: V8 is still making room for itself in its first minutes. */
const SHORT_LIMIT = { rss: 32, heap: 3 };
/** Seconds of warm-up that are looked at by nobody: code is compiled, pools fill. */
export const warmUp = (seconds) => Math.min(300, seconds / 4);

export function judge({ seconds, processes, baseline, counts }) {
  const lines = [];
  const say = (what, found, ok) => lines.push({ what, found, ok });
  const isLong = seconds >= 1_800;
  for (const [name, all] of Object.entries(processes)) {
    const samples = all.filter(({ at }) => at > all[0].at + warmUp(seconds));
    const [before, after] = [half(samples, 0), half(samples, 1)];
    for (const [what, by] of [
      ['rss', ({ rss }) => rss],
      ['heap', ({ heap }) => heap],
    ]) {
      const title = what === 'rss' ? `RSS of the ${name}` : `heap of the ${name} after gc`;
      const size = `at ${typical(after, by).toFixed(1)} MB`;
      const grown = isLong ? slope(samples, by) : typical(after, by) - typical(before, by);
      const span = isLong ? 'per 10 minutes' : 'second half against first';
      say(`${title}, ${span}`, `${signed(grown, 2)} MB, ${size}`, grown < (isLong ? LIMIT : SHORT_LIMIT[what]));
    }
    const [first, last] = [samples[0], samples.at(-1)];
    say(`listeners of the ${name}`, `${first.listeners} -> ${last.listeners}`, last.listeners <= first.listeners);
    if (first.fds === undefined) say(`descriptors of the ${name}`, 'not looked at: no /proc here', true);
    else {
      const fds = [typical(before, (s) => s.fds), typical(after, (s) => s.fds)];
      // Connections move between workers as these come and go.
      say(`descriptors of the ${name}, by halves`, fds.join(' -> '), fds[1] - fds[0] <= 16);
    }
    const late = (of) =>
      `p99 ${typical(of, (s) => s.late.p99).toFixed(1)} ms, longest ${Math.max(...of.map((s) => s.late.max)).toFixed(0)} ms`;
    const without = baseline[name];
    say(
      `event loop of the ${name}, late by`,
      `${late(samples)}; without us ${late(without)}`,
      typical(samples, (s) => s.late.p99) < 3 * typical(without, (s) => s.late.p99) + 5,
    );
  }
  const { scraped, exact, killed, noticed, unsure } = counts;
  const total = (of) => `${of.toLocaleString('en')}`;
  say('requests answered by workers that live or ended by themselves', total(exact), true);
  say('requests answered by killed workers; a second before they were', `${total(killed)}; ${total(noticed)}`, true);
  say('requests that ended with their connection', total(unsure), true);
  say('requests in the scrape', total(scraped), scraped >= exact + noticed && scraped <= exact + killed + unsure);
  return lines;
}

const signed = (value, digits) => `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;

export const table = (lines) =>
  [
    '| what | found | |',
    '| --- | --- | --- |',
    ...lines.map(({ what, found, ok }) => `| ${what} | ${found} | ${ok ? 'ok' : '**not ok**'} |`),
  ].join('\n');
