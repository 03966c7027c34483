// Judges the samples and counts of a run. Each line of the result names a check, its result, and whether that is allowed.
import { median, medianOfHalves, slopePer10Minutes } from './trend.mjs';

/** The processes that live as long as the run. A shorter life is too short to see a leak of memory. */
const STEADY_PROCESSES = ['primary', 'leader', 'follower'];
/** In shorter runs the slope of memory is not meaningful. */
const LONG_RUN_SECONDS = 1_800;
const MAX_MB_PER_10_MINUTES = 1;
/** Growth from the first half of a short run to the second. It is higher, because V8 grows its heap in its first minutes. */
const MAX_MB_IN_SHORT_RUN = { rss: 32, heap: 3 };
/** Allowed growth of descriptors and resources. Connections move between workers when workers are replaced. */
const MAX_MORE_DESCRIPTORS = 16;

export const isLong = (seconds) => seconds >= LONG_RUN_SECONDS;
/** Samples of the warm-up are ignored: code is compiled and pools fill. */
const warmUpSeconds = (seconds) => Math.min(300, seconds / 4);

export function judge({ seconds, every, processes, baseline, counts, leaders }) {
  const lines = [];
  const add = (what, found, ok) => lines.push({ what, found, ok });
  for (const name of STEADY_PROCESSES) {
    const all = processes[name] ?? [];
    const minSamples = Math.floor((0.7 * seconds) / every);
    // A process that has ended sends no more samples. Too few samples must not count as a good result.
    if (all.length < minSamples) add(`samples of the ${name}`, `${all.length}; at least ${minSamples} expected`, false);
    else judgeProcess(add, name, all, baseline[name], seconds);
  }
  const format = (count) => count.toLocaleString('en');
  const judgeCounts = ({ scraped, exact, killed, beforeKill, interrupted, decreases }) => {
    add('requests answered by workers that were not killed', format(exact), true);
    add(
      'requests answered by killed workers; of these, until a second before',
      `${format(killed)}; ${format(beforeKill)}`,
      true,
    );
    add('requests interrupted by the end of their connection', format(interrupted), true);
    add(
      'requests in the scrapes',
      format(scraped),
      scraped >= exact + beforeKill && scraped <= exact + killed + interrupted,
    );
    add('scrapes in which the total fell although the leader was the same', format(decreases), decreases === 0);
  };
  judgeCounts(counts);
  const { replaced, leaders: different } = leaders;
  const found = `${replaced} times; ${different} different leaders`;
  add('**then the leader is replaced repeatedly**', found, replaced > 0 && different > replaced);
  judgeCounts(leaders);
  return lines;
}

function judgeProcess(add, name, all, without, seconds) {
  const samples = all.filter(({ at }) => at > all[0].at + warmUpSeconds(seconds));
  for (const [what, key] of [
    [`RSS of the ${name}`, 'rss'],
    [`heap of the ${name} after gc`, 'heap'],
  ]) {
    const [before, after] = medianOfHalves(samples, (sample) => sample[key]);
    const grown = isLong(seconds) ? slopePer10Minutes(samples, (sample) => sample[key]) : after - before;
    const span = isLong(seconds) ? 'per 10 minutes' : 'second half minus first';
    const limit = isLong(seconds) ? MAX_MB_PER_10_MINUTES : MAX_MB_IN_SHORT_RUN[key];
    add(`${what}, ${span}`, `${grown < 0 ? '' : '+'}${grown.toFixed(2)} MB, at ${after.toFixed(1)} MB`, grown < limit);
  }
  const [first, last] = [samples[0], samples.at(-1)];
  add(`listeners of the ${name}`, `${first.listeners} -> ${last.listeners}`, last.listeners <= first.listeners);
  for (const [what, key] of [
    ['descriptors', 'fds'],
    ['active resources', 'resources'],
  ]) {
    if (first[key] === undefined) add(`${what} of the ${name}`, 'not checked: this system has no /proc', true);
    else {
      const [before, after] = medianOfHalves(samples, (sample) => sample[key]);
      add(
        `${what} of the ${name}, first and second half`,
        `${before} -> ${after}`,
        after - before <= MAX_MORE_DESCRIPTORS,
      );
    }
  }
  const p99 = (samples) => median(samples.map(({ late }) => late.p99));
  const longest = (samples) => Math.max(...samples.map(({ late }) => late.max));
  const delays = (samples) => `p99 ${p99(samples).toFixed(1)} ms, longest ${longest(samples).toFixed(0)} ms`;
  const found = `${delays(samples)}; without us ${delays(without)}`;
  add(`event loop delay of the ${name}`, found, p99(samples) < 3 * p99(without) + 5);
}

export const formatTable = (lines) =>
  [
    '| what | found | |',
    '| --- | --- | --- |',
    ...lines.map(({ what, found, ok }) => `| ${what} | ${found} | ${ok ? 'ok' : '**not ok**'} |`),
  ].join('\n');
