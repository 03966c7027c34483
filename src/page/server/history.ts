import { randomUUID } from 'node:crypto';
import { type CardinalityCap, createLabelCaps } from '../../metrics/cardinality-cap.ts';
import type { Increments } from '../../metrics/increments.ts';
import { parseVitals } from '../../metrics/vitals.ts';
import type { GroupObserver } from '../../processes/group-observer.ts';
import { type Interval, PAGE_FORMAT, type PageData } from '../protocol.ts';
import { Endpoints } from './endpoints.ts';
import { Hosts } from './hosts.ts';
import { Intervals } from './intervals.ts';
import { Processes } from './processes.ts';

/** Where the data of the page comes from. */
export type Origin = Pick<PageData, 'every' | 'now' | 'service' | 'uptime' | 'scrape'>;

/** The last half hour of a service, as its processes report it. */
export class History implements GroupObserver {
  readonly #id = randomUUID();
  readonly #bounds: readonly number[];
  readonly #labels: readonly string[];
  /** Each process holds these caps by itself, but all of them together may know more. */
  readonly #caps: Readonly<Record<string, CardinalityCap>>;
  readonly #intervals = new Intervals();
  readonly #endpoints: Endpoints;
  readonly #hosts: Hosts;
  readonly #processes: Processes;
  #byClass = [0, 0, 0, 0, 0];

  /**
   * @param bounds `APM_BUCKETS`, seconds
   * @param labels names of the app's own labels
   */
  constructor(bounds: readonly number[], labels: readonly string[] = []) {
    this.#bounds = bounds;
    this.#labels = labels;
    this.#caps = createLabelCaps(labels);
    this.#endpoints = new Endpoints(bounds.length + 1);
    this.#hosts = new Hosts(bounds.length + 1);
    this.#processes = new Processes(bounds.length + 1);
  }

  onIncrements(pid: string, { series }: Pick<Increments, 'series'>): void {
    const { requests = [], calls = [] } = series;
    const process = this.#processes.get(pid).counters;
    for (const { labels, guessed, count, sum, buckets } of requests) {
      const { path, method, status } = labels;
      const own = this.#labels.map((name) => this.#admit(name, String(labels[name] ?? '')));
      const endpoint = this.#endpoints.countersOf(path, method, own, { requests: count, guessed });
      for (const counters of [endpoint, process]) {
        counters?.addRequests(count, status);
        counters?.addTimes(sum, buckets);
      }
      const index = Math.trunc(status / 100) - 1;
      if (index in this.#byClass) (this.#byClass[index] as number) += count;
    }
    for (const call of calls) this.#hosts.add(call);
  }

  #admit(name: string, value: string): string {
    return value === '' ? value : (this.#caps[name]?.admit(value) ?? value);
  }

  onVitals(pid: string, message: unknown): void {
    const { active, delay, cpu, memory } = parseVitals(message);
    this.#processes.get(pid).report([active, round(delay), round(cpu), memory]);
  }

  onExit(pid: string): void {
    this.#processes.exited(pid);
  }

  /** Ends an interval. @param durationMs how long it was */
  tick(at: number, durationMs: number): void {
    const endpoints = this.#endpoints.take();
    const interval: Interval = {
      at: Math.round(at),
      ms: Math.round(durationMs),
      byClass: this.#byClass,
      running: this.#processes.running,
      vitals: this.#processes.vitals,
      endpoints: endpoints.map(({ endpoint: { id }, counters }) => [id, ...counters]),
      hosts: this.#hosts.take(),
      processes: this.#processes.take(),
    };
    this.#intervals.add(
      interval,
      endpoints.map(({ endpoint: { id, path, method, labels } }) => [id, [path, method, ...labels]]),
    );
    this.#byClass = [0, 0, 0, 0, 0];
  }

  /** Number of the last interval. */
  get last(): number {
    return this.#intervals.last;
  }

  /** The data as JSON, in pieces. @param after `next` of the answer before: only what is new since then is returned */
  pieces(after: string, origin: Origin): Buffer[] {
    const [id, number] = after.split('.');
    const { texts, endpoints } = this.#intervals.after(id === this.#id ? Number(number) || 0 : 0);
    const head: Omit<PageData, 'intervals'> = {
      format: PAGE_FORMAT,
      next: `${this.#id}.${this.#intervals.last}`,
      ...origin,
      bounds: this.#bounds,
      ...(this.#labels.length > 0 && { labels: this.#labels }),
      endpoints,
      kept: this.#endpoints.kept,
    };
    const comma = Buffer.from(',');
    return [
      Buffer.from(`${JSON.stringify(head).slice(0, -1)},"intervals":[`),
      ...texts.flatMap((text, i) => (i === 0 ? [text] : [comma, text])),
      Buffer.from(']}'),
    ];
  }
}

/** Four digits are more than a chart can show. */
const round = (value: number): number => Number(value.toPrecision(4));
