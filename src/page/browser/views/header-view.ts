import type { PageData } from '../../protocol.ts';
import { formatDuration } from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setText } from './dom.ts';

const MINUTE_MS = 60_000;
export const TIME_RANGES_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS] as const;

/** Name, version and uptime of the service, and the choice of the time range. */
export class HeaderView {
  readonly element: HTMLElement;
  readonly #name = h('h1');
  readonly #facts = h('p', { class: 'quiet' });
  readonly #timeRange = h(
    'select',
    { id: 'time-range' },
    ...TIME_RANGES_MS.map((ms) => h('option', { value: String(ms) }, words.lastMinutes(ms / MINUTE_MS))),
  );

  constructor(onTimeRange: () => void) {
    this.#timeRange.value = String(TIME_RANGES_MS.at(-1));
    this.#timeRange.addEventListener('change', onTimeRange);
    const choice = h('div', { class: 'bar' }, h('label', { for: 'time-range' }, words.timeRange), this.#timeRange);
    this.element = h('header', {}, h('div', {}, this.#name, this.#facts), choice);
  }

  get timeRangeMs(): number {
    return Number(this.#timeRange.value);
  }

  update({ service, uptime }: PageData, runningProcesses: number | undefined): void {
    setText(this.#name, service.name);
    document.title = `${service.name} · ${words.page}`;
    const facts = [words.uptime(formatDuration(uptime))];
    if (service.version !== null) facts.unshift(words.version(service.version));
    if (runningProcesses !== undefined) facts.push(words.processCount(runningProcesses));
    setText(this.#facts, facts.join(' · '));
  }
}
