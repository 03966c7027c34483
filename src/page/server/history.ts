import { randomUUID } from 'node:crypto';
import { nextTurn } from '../../base/timers.ts';
import { createYielder } from '../../base/yield.ts';
import { type CardinalityCap, createLabelCaps } from '../../metrics/cardinality-cap.ts';
import type { Increments } from '../../metrics/increments.ts';
import type { CallLabels } from '../../metrics/kinds.ts';
import { parseVitals } from '../../metrics/vitals.ts';
import type { GroupObserver } from '../../processes/group-observer.ts';
import { PAGE_FORMAT, type PageData } from '../protocol.ts';
import { Called, MAX_DATABASE_CALLS, MAX_HOSTS } from './called.ts';
import { Endpoints } from './endpoints.ts';
import { Intervals } from './intervals.ts';
import { Processes } from './processes.ts';
import { TimeSpent } from './time-spent.ts';

/** Where the data of the page comes from. */
export type Origin = Pick<PageData, 'every' | 'now' | 'service' | 'uptime' | 'scrape' | 'slow'>;

/** The last half hour of a service, as its processes report it. */
export class History implements GroupObserver {
  readonly #id = randomUUID();
  readonly #labels: readonly string[];
  /** Each process holds these caps by itself, but all of them together may know more. */
  readonly #caps: Readonly<Record<string, CardinalityCap>>;
  readonly #endpoints = new Endpoints();
  readonly #intervals = new Intervals((endpoint) => this.#endpoints.listed(endpoint));
  readonly #hosts = new Called(MAX_HOSTS);
  readonly #databases = new Called(MAX_DATABASE_CALLS);
  readonly #timeSpent = new TimeSpent(this.#endpoints);
  readonly #processes = new Processes();
  #byClass = [0, 0, 0, 0, 0];

  /** @param labels names of the app's own labels */
  constructor(labels: readonly string[] = []) {
    this.#labels = labels;
    this.#caps = createLabelCaps(labels);
  }

  onIncrements(pid: string, { series }: Pick<Increments, 'series'>): void {
    const { requests = [], calls = [], databaseCalls = [], timeSpent = [] } = series;
    const process = this.#processes.get(pid).counters;
    for (const { labels, guessed, count, sum, fine } of requests) {
      const { path, method, status } = labels;
      const own = this.#labels.map((name) => this.#admit(name, String(labels[name] ?? '')));
      const endpoint = this.#endpoints.countersOf(path, method, own, { requests: count, guessed });
      for (const counters of [endpoint, process]) {
        counters?.addRequests(count, status);
        counters?.addTimes(sum, fine);
      }
      const index = Math.trunc(status / 100) - 1;
      if (index in this.#byClass) (this.#byClass[index] as number) += count;
    }
    for (const call of calls) this.#hosts.add(call.labels.host, call, isFailure(call.labels));
    for (const call of databaseCalls) {
      const { system, host, operation } = call.labels;
      this.#databases.add(`${system} ${host} ${operation}`, call);
    }
    for (const spent of timeSpent) this.#timeSpent.add(spent);
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

  /**
   * Ends an interval at once; it can be asked for once this has resolved. In turns of the event loop, each too short to be
   * noticed. Call it again only then.
   * @param durationMs how long the interval was
   */
  async tick(at: number, durationMs: number): Promise<void> {
    const timeSpent = this.#timeSpent.take();
    const { names, rows } = this.#endpoints.take();
    const [byClass, running, vitals] = [this.#byClass, this.#processes.running, this.#processes.vitals];
    const [hosts, databases, processes] = [this.#hosts.take(), this.#databases.take(), this.#processes.take()];
    this.#byClass = [0, 0, 0, 0, 0];
    const pause = createYielder();
    const interval = {
      at: Math.round(at),
      ms: Math.round(durationMs),
      byClass,
      running,
      vitals,
      endpoints: await encodeAll(rows, pause),
      hosts: await encodeAll(hosts, pause),
      databases: await encodeAll(databases, pause),
      timeSpent: timeSpent.rows,
      processes: await encodeAll(processes, pause),
    };
    await nextTurn();
    await this.#intervals.add(interval, new Map([...timeSpent.names, ...names]));
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

async function encodeAll<Row>(rows: readonly (() => Row)[], pause: () => unknown): Promise<Row[]> {
  const encoded: Row[] = [];
  for (const encode of rows) {
    encoded.push(encode());
    await pause();
  }
  return encoded;
}

/** No answer at all is a failure, too. */
const isFailure = ({ status }: CallLabels): boolean => status === undefined || status >= 500;

/** Four digits are more than a chart can show. */
const round = (value: number): number => Number(value.toPrecision(4));
