import { randomUUID } from 'node:crypto';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Config } from '../../config/variables.ts';
import { type VitalSigns, vitalSigns } from '../../metrics/vitals.ts';
import type { GroupObserver } from '../../processes/group-observer.ts';
import type { Interval, PageData } from '../protocol.ts';
import { CounterSet } from './counters.ts';
import { Endpoints } from './endpoints.ts';
import { incrementReader } from './increments.ts';
import { Intervals } from './intervals.ts';
import { Processes } from './processes.ts';

/** What the page knows of where its data is from. */
export type Origin = Pick<PageData, 'every' | 'now' | 'service' | 'uptime' | 'scrape'>;

/** The last half hour of a service, as its processes say it. */
export class History implements GroupObserver {
  readonly #id = randomUUID();
  readonly #bounds: readonly number[];
  readonly #slots = new Intervals();
  readonly #endpoints: Endpoints;
  readonly #hosts = new Map<string, CounterSet>();
  readonly #processes: Processes;
  readonly #read: (pid: string, given: readonly ScopeMetrics[]) => void;
  #byClass = [0, 0, 0, 0, 0];

  constructor({ buckets, metricNames }: Pick<Config, 'buckets' | 'metricNames'>) {
    this.#bounds = buckets;
    this.#endpoints = new Endpoints(buckets.length + 1);
    this.#processes = new Processes(buckets.length + 1);
    let process: CounterSet | undefined;
    const read = incrementReader(metricNames, {
      requests: (path, method, status, requests) => {
        this.#endpoints.tallyOf(path, method, requests).addRequests(requests, status);
        process?.addRequests(requests, status);
        const place = Math.trunc(status / 100) - 1;
        if (place in this.#byClass) (this.#byClass[place] as number) += requests;
      },
      times: (path, method, seconds, counts) => {
        this.#endpoints.tallyOf(path, method, 0).addTimes(seconds, counts);
        process?.addTimes(seconds, counts);
      },
    });
    this.#read = (pid, given) => {
      process = this.#processes.of(pid).tally;
      read(given);
    };
  }

  counted(pid: string, increments: readonly ScopeMetrics[]): void {
    this.#read(pid, increments);
  }

  vitals(pid: string, given: unknown): void {
    const { active, delay, cpu, memory, outgoing }: VitalSigns = vitalSigns(given, this.#bounds);
    this.#processes.of(pid).lives([active, round(delay), round(cpu), memory]);
    for (const { host, calls, failed, seconds, counts } of outgoing) {
      const tally = this.#hosts.get(host) ?? new CounterSet(this.#bounds.length + 1);
      this.#hosts.set(host, tally);
      tally.requests += calls;
      tally.errors += failed;
      tally.addTimes(seconds, counts);
    }
  }

  left(pid: string): void {
    this.#processes.left(pid);
  }

  /** Ends a slot. @param ms how long it was */
  tick(at: number, ms: number): void {
    const endpoints = this.#endpoints.take();
    const slot: Interval = {
      at: Math.round(at),
      ms: Math.round(ms),
      byClass: this.#byClass,
      running: this.#processes.running,
      vitals: this.#processes.signs,
      endpoints: endpoints.map(({ endpoint: { id }, tallied }) => [id, ...tallied]),
      hosts: Array.from(this.#hosts, ([host, tally]) => [host, ...tally.take()]),
      processes: this.#processes.take(),
    };
    this.#slots.add(
      slot,
      endpoints.map(({ endpoint: { id, path, method } }) => [id, [path, method]]),
    );
    this.#byClass = [0, 0, 0, 0, 0];
    this.#hosts.clear();
  }

  /** Number of the last slot. */
  get last(): number {
    return this.#slots.last;
  }

  /** @param after what was told as `next` the last time: only what is new since is told */
  pieces(after: string, origin: Origin): Buffer[] {
    const [id, number] = after.split('.');
    const { texts, endpoints } = this.#slots.after(id === this.#id ? Number(number) || 0 : 0);
    const head: Omit<PageData, 'intervals'> = {
      format: 1,
      next: `${this.#id}.${this.#slots.last}`,
      ...origin,
      bounds: this.#bounds,
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

/** Four digits tell more than anybody reads off a chart. */
const round = (value: number): number => Number(value.toPrecision(4));
