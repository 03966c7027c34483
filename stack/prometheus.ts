import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { Instance } from './instance.ts';
import { freePorts } from './ports.ts';
import type { Found } from './programs.ts';
import { answersOk, ServerProcess } from './server-process.ts';

export interface PrometheusOptions {
  /** Any version. */
  program: Found;
  /** prometheus.yml, as text or as an object. */
  config: string | object;
  /** Further files such as rules and targets, by their path relative to prometheus.yml. */
  files?: Readonly<Record<string, string>>;
  /** Additional flags, such as `--web.enable-otlp-receiver`. */
  flags?: readonly string[];
  /** By default any free port. */
  port?: number;
  /** Folder of prometheus.yml, the files and `data/`. By default a temporary folder, which `close` removes. */
  folder?: string;
}

/** One series of a result, at one time. */
export interface Sample {
  metric: Record<string, string>;
  /** Of a native histogram, its count. */
  value: number;
  histogram?: NativeHistogram;
  /** Unix seconds. */
  time: number;
}

interface NativeHistogram {
  count: number;
  sum: number;
}

/** One series of a result, over a period. */
export interface Range {
  metric: Record<string, string>;
  /** Unix seconds, and the value at that time; of a native histogram, its count. */
  values: [time: number, value: number][];
}

/** Starts a Prometheus on the loopback address, and waits until it is ready. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { program, config, files = {}, flags = [] } = options;
  const port = options.port ?? ((await freePorts(1))[0] as number);
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'apm-prometheus-')));
  const texts = { 'prometheus.yml': typeof config === 'string' ? config : stringify(config), ...files };
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const url = `http://127.0.0.1:${port}`;
  const service = new ServerProcess({
    name: `Prometheus ${program.version}`,
    path: program.path,
    args: [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    cwd: folder,
    isReady: () => answersOk(`${url}/-/ready`),
  });
  return new Prometheus(service, folder, options.folder === undefined, url).start();
}

export class Prometheus extends Instance {
  readonly url: string;

  constructor(service: ServerProcess, folder: string, temporary: boolean, url: string) {
    super(service, folder, temporary);
    this.url = url;
  }

  /** `127.0.0.1:PORT`, as written in a list of targets. */
  get address(): string {
    return new URL(this.url).host;
  }

  /**
   * Calls the HTTP API, and returns the `data` of the answer.
   * @param path below `/api/v1/`, such as `targets`
   * @throws an Error with the request and the error message of Prometheus
   * @see https://prometheus.io/docs/prometheus/latest/querying/api/
   */
  async api<T = unknown>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    // In the body, because an expression can be longer than a URL may be.
    const body = Object.keys(parameters).length > 0 && path.startsWith('query') && new URLSearchParams(parameters);
    const search = body ? '' : `?${new URLSearchParams(parameters)}`;
    const response = await fetch(`${this.url}/api/v1/${path}${search}`, body ? { method: 'POST', body } : {});
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') throw new Error(`${path} ${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }

  /**
   * Evaluates an expression at one time. A scalar becomes one sample without labels.
   * @param at Unix seconds; now by default
   */
  async query(expression: string, at?: number): Promise<Sample[]> {
    const parameters = { query: expression, ...(at !== undefined && { time: String(at) }) };
    const { resultType, result } = await this.api<Answer>('query', parameters);
    if (resultType === 'scalar') return [toSample({}, result)];
    if (resultType !== 'vector')
      throw new Error(`expected a vector as the result of ${expression}, got a ${resultType}`);
    return result.map(({ metric, value, histogram }) => toSample(metric, value ?? histogram));
  }

  /**
   * Evaluates an expression over a period.
   * @param start Unix seconds
   * @param end Unix seconds
   * @param step seconds
   */
  async queryRange(expression: string, start: number, end: number, step: number): Promise<Range[]> {
    const parameters = { query: expression, start: String(start), end: String(end), step: String(step) };
    return toRanges(await this.api<Answer>('query_range', parameters));
  }

  /** The raw samples of a selector with a range, such as `up[5m]`. */
  async storedSamples(selector: string, at?: number): Promise<Range[]> {
    const parameters = { query: selector, ...(at !== undefined && { time: String(at) }) };
    return toRanges(await this.api<Answer>('query', parameters));
  }
}

type Value = [number, string];
type HistogramValue = [number, { count: string; sum: string }];
type Answer =
  | { resultType: 'scalar'; result: Value }
  | { resultType: 'vector'; result: { metric: Record<string, string>; value?: Value; histogram: HistogramValue }[] }
  | {
      resultType: 'matrix';
      result: { metric: Record<string, string>; values?: Value[]; histograms?: HistogramValue[] }[];
    };

function toSample(metric: Record<string, string>, [time, value]: Value | HistogramValue): Sample {
  if (typeof value === 'string') return { metric, value: parseValue(value), time };
  const histogram = { count: parseValue(value.count), sum: parseValue(value.sum) };
  return { metric, value: histogram.count, histogram, time };
}

function toRanges(answer: Answer): Range[] {
  if (answer.resultType !== 'matrix') throw new Error(`expected a matrix, got a ${answer.resultType}`);
  return answer.result.map(({ metric, values = [], histograms = [] }) => ({
    metric,
    values: [...values, ...histograms].map((each) => {
      const { time, value } = toSample(metric, each);
      return [time, value];
    }),
  }));
}

/** `Number` does not understand `+Inf`, which is how Prometheus writes infinity. */
const parseValue = (text: string) => Number(text.replace('Inf', 'Infinity'));
