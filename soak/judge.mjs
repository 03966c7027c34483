// What the samples and counts of a run amount to. Each line: what was looked at, what was found, and whether it may be so.
import { halves, median, slope } from './trend.mjs';

/** The processes that live as long as the run: of others, memory would tell nothing. */
const LIVING = ['primary', 'owner', 'member'];
/** Seconds from which on a slope of memory means something. */
const LONG = 1_800;
/** Megabytes per ten minutes. */
const LIMIT = 1;
/** Megabytes from the first half of a short run to the second: V8 is still making room for itself in its first minutes. */
const SHORT_LIMIT = { rss: 32, heap: 3 };
/** Descriptors and resources by which halves may differ: connections move between workers as these come and go. */
const MOVING = 16;

export const isLong = (seconds) => seconds >= LONG;
/** Seconds of warm-up that are looked at by nobody: code is compiled, pools fill. */
const warmUp = (seconds) => Math.min(300, seconds / 4);

export function judge({ seconds, every, processes, baseline, counts, owners }) {
  const lines = [];
  const say = (what, found, ok) => lines.push({ what, found, ok });
  for (const name of LIVING) {
    const all = processes[name] ?? [];
    const wanted = Math.floor((0.7 * seconds) / every);
    // One that has ended says nothing more, which must not pass for calm.
    if (all.length < wanted) say(`samples of the ${name}`, `${all.length}, of ${wanted} at least`, false);
    else ofProcess(say, name, all, baseline[name], seconds);
  }
  const total = (of) => of.toLocaleString('en');
  const asAnswered = ({ scraped, exact, killed, noticed, unsure, fell }) => {
    say('requests answered by workers that live or ended by themselves', total(exact), true);
    say('requests answered by killed workers; a second before they were', `${total(killed)}; ${total(noticed)}`, true);
    say('requests that ended with their connection', total(unsure), true);
    say('requests in the scrapes', total(scraped), scraped >= exact + noticed && scraped <= exact + killed + unsure);
    say('scrapes in which the total had fallen, with the same process scraped', total(fell), fell === 0);
  };
  asAnswered(counts);
  const { replaced, owners: different } = owners;
  const found = `${replaced} times; ${different} processes were`;
  say('**then the scraped process is replaced**', found, replaced > 0 && different > replaced);
  asAnswered(owners);
  return lines;
}

function ofProcess(say, name, all, without, seconds) {
  const samples = all.filter(({ at }) => at > all[0].at + warmUp(seconds));
  for (const [what, key] of [
    [`RSS of the ${name}`, 'rss'],
    [`heap of the ${name} after gc`, 'heap'],
  ]) {
    const [before, after] = halves(samples, (sample) => sample[key]);
    const grown = isLong(seconds) ? slope(samples, (sample) => sample[key]) : after - before;
    const span = isLong(seconds) ? 'per 10 minutes' : 'second half against first';
    const limit = isLong(seconds) ? LIMIT : SHORT_LIMIT[key];
    say(`${what}, ${span}`, `${grown < 0 ? '' : '+'}${grown.toFixed(2)} MB, at ${after.toFixed(1)} MB`, grown < limit);
  }
  const [first, last] = [samples[0], samples.at(-1)];
  say(`listeners of the ${name}`, `${first.listeners} -> ${last.listeners}`, last.listeners <= first.listeners);
  for (const [what, key] of [
    ['descriptors', 'fds'],
    ['active resources', 'resources'],
  ]) {
    if (first[key] === undefined) say(`${what} of the ${name}`, 'not looked at: no /proc here', true);
    else {
      const [before, after] = halves(samples, (sample) => sample[key]);
      say(`${what} of the ${name}, by halves`, `${before} -> ${after}`, after - before <= MOVING);
    }
  }
  const p99 = (of) => median(of.map(({ late }) => late.p99));
  const longest = (of) => Math.max(...of.map(({ late }) => late.max));
  const late = (of) => `p99 ${p99(of).toFixed(1)} ms, longest ${longest(of).toFixed(0)} ms`;
  const found = `${late(samples)}; without us ${late(without)}`;
  say(`event loop of the ${name}, late by`, found, p99(samples) < 3 * p99(without) + 5);
}

export const table = (lines) =>
  [
    '| what | found | |',
    '| --- | --- | --- |',
    ...lines.map(({ what, found, ok }) => `| ${what} | ${found} | ${ok ? 'ok' : '**not ok**'} |`),
  ].join('\n');
