import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { Instance } from './instance.ts';
import { freePorts } from './ports.ts';
import type { Found } from './programs.ts';
import { ServerProcess } from './server-process.ts';

export interface PrometheusOptions {
  /** Any version. */
  program: Found;
  /** prometheus.yml, as text or as what it says. */
  config: string | object;
  /** Files beside prometheus.yml by their relative paths: rules, targets. */
  files?: Readonly<Record<string, string>>;
  /** Further ones, such as `--web.enable-otlp-receiver`. */
  flags?: readonly string[];
  /** Any free one by default. */
  port?: number;
  /** Where prometheus.yml, the files and `data/` are; by default a temporary folder, gone after `close`. */
  folder?: string;
}

/** One series of an answer, at one time. */
export interface Sample {
  metric: Record<string, string>;
  value: number;
  /** Seconds since 1970. */
  time: number;
}

/** One series of an answer, over a time. */
export interface Range {
  metric: Record<string, string>;
  /** Seconds since 1970, and the value then. */
  values: [time: number, value: number][];
}

/** Starts a Prometheus on this machine's loopback address, and waits until it serves. */
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
    readyUrl: `${url}/-/ready`,
  });
  return new Prometheus(service, folder, options.folder === undefined, url).start();
}

export class Prometheus extends Instance {
  readonly url: string;

  constructor(service: ServerProcess, folder: string, temporary: boolean, url: string) {
    super(service, folder, temporary);
    this.url = url;
  }

  /** `127.0.0.1:PORT`, as a target has it. */
  get address(): string {
    return new URL(this.url).host;
  }

  /**
   * The `data` of an answer of its HTTP API.
   * @param path below `/api/v1/`, such as `targets`
   * @throws an Error with the question and what Prometheus says is wrong with it
   * @see https://prometheus.io/docs/prometheus/latest/querying/api/
   */
  async api<T = unknown>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    // Not part of the URL: an expression may be longer than one.
    const body = Object.keys(parameters).length > 0 && path.startsWith('query') && new URLSearchParams(parameters);
    const search = body ? '' : `?${new URLSearchParams(parameters)}`;
    const response = await fetch(`${this.url}/api/v1/${path}${search}`, body ? { method: 'POST', body } : {});
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') throw new Error(`${path} ${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }

  /**
   * What an expression is at one time. A scalar is one sample without labels.
   * @param at seconds since 1970; now by default
   */
  async query(expression: string, at?: number): Promise<Sample[]> {
    const parameters = { query: expression, ...(at !== undefined && { time: String(at) }) };
    const { resultType, result } = await this.api<Answer>('query', parameters);
    if (resultType === 'scalar') return [toSample({}, result)];
    if (resultType !== 'vector') throw new Error(`${expression} is a ${resultType}`);
    return result.map(({ metric, value }) => toSample(metric, value));
  }

  /**
   * What an expression was from one time to another, both in seconds since 1970.
   * @param step seconds
   */
  async queryRange(expression: string, start: number, end: number, step: number): Promise<Range[]> {
    const parameters = { query: expression, start: String(start), end: String(end), step: String(step) };
    return toRanges(await this.api<Answer>('query_range', parameters));
  }

  /** The samples as they are stored: `selector` with a range, such as `up[5m]`. */
  async storedSamples(selector: string, at?: number): Promise<Range[]> {
    const parameters = { query: selector, ...(at !== undefined && { time: String(at) }) };
    return toRanges(await this.api<Answer>('query', parameters));
  }
}

type Value = [number, string];
type Answer =
  | { resultType: 'scalar'; result: Value }
  | { resultType: 'vector'; result: { metric: Record<string, string>; value: Value }[] }
  | { resultType: 'matrix'; result: { metric: Record<string, string>; values: Value[] }[] };

function toSample(metric: Record<string, string>, [time, value]: Value): Sample {
  return { metric, value: parseValue(value), time };
}

function toRanges(answer: Answer): Range[] {
  if (answer.resultType !== 'matrix') throw new Error(`not a range but a ${answer.resultType}`);
  return answer.result.map(({ metric, values }) => ({
    metric,
    values: values.map(([time, value]) => [time, parseValue(value)]),
  }));
}

/** Prometheus writes `+Inf`, which Number does not read. */
const parseValue = (text: string) => Number(text.replace('Inf', 'Infinity'));
