import { performance } from 'node:perf_hooks';
import { checkProgram, type Difference, differenceBetween, isPlainText, type Program } from './program.ts';

/** The version of the messages. It changes when the meaning of any message changes. */
export const PROTOCOL = 6;

/** When this process, or this thread, started, in milliseconds since 1970. */
export const STARTED = Math.round(performance.timeOrigin);

/**
 * The first line that a process sends to the leader.
 * @property settings  a digest of the settings that must be equal for metrics to be merged
 * @property pid       of the process; a thread appends its number, as in `4711.2`
 * @property program   undefined in another protocol
 * @property started   when it started, in milliseconds since 1970; undefined likewise
 */
export interface Hello {
  readonly protocol: number;
  readonly settings: string;
  readonly pid: string;
  readonly program?: Program | undefined;
  readonly started?: number | undefined;
}

/**
 * Why a leader refuses a process. Both log it.
 * @property refused     completes "process 4711 is not merged into these metrics: "
 * @property difference  undefined where not the programs differ; `silence` where the leader has not answered
 * @property pid         of the leader; undefined in an earlier protocol
 * @property version     of the leader's program
 */
export interface Refusal {
  readonly refused: string;
  readonly difference?: Difference | 'silence' | undefined;
  readonly pid?: string | undefined;
  readonly version?: string | null | undefined;
}

/**
 * @property leader   the id of this leader; the next one has counted nothing yet and has another id
 * @property address  of the metrics server; absent where the app's own server answers the scrape
 * @property port     that the next leader claims first; absent where that is the configured one
 */
export interface Welcome {
  readonly leader: string;
  readonly pid: string;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * The two lines of the handshake. `hello` (with `protocol` and `pid`) and `refused` keep this shape in every protocol:
 * two versions that understand nothing else of each other can still refuse each other.
 */
export interface HelloMessage {
  readonly type: 'hello';
  readonly hello: Hello;
}
export type HelloAnswer =
  | { readonly type: 'welcome'; readonly welcome: Welcome }
  | ({ readonly type: 'refused' } & Refusal);

const SETTINGS = 'APM_BUCKETS, APM_METRIC_NAMES, APM_METRIC_PREFIX, APM_LABELS, APM_METRICS_PATH or APM_AUTH_TOKEN';
const PID = /^\d{1,20}(\.\d{1,20})?$/;

/** Reads the hello of any protocol. @throws where it is none */
export function readHello(message: unknown): Hello {
  const { protocol, settings, pid, program, started } = (message as Partial<HelloMessage>).hello ?? {};
  if (protocol === undefined || typeof pid !== 'string' || !PID.test(pid)) throw new Error('not a hello');
  const isKnown = protocol === PROTOCOL;
  return {
    protocol,
    settings: String(settings),
    pid,
    program: isKnown ? checkProgram(program) : undefined,
    started: isKnown ? checkTime(started) : undefined,
  };
}

function checkTime(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new Error('not a time');
  return value as number;
}

/**
 * Why a process cannot be merged with the leader's; undefined where it can.
 * @param own        what the leader would say in its hello
 * @param followers  programs of the processes that are merged already: their forks may run another script
 */
export function refuse(hello: Hello, own: Required<Hello>, followers: readonly Program[]): Refusal | undefined {
  const { pid, program: ownProgram } = own;
  if (hello.protocol !== PROTOCOL || hello.program === undefined || ownProgram === undefined) {
    return { refused: 'it runs another version of @org/apm', pid };
  }
  if (hello.settings !== own.settings) return { refused: `its settings differ (${SETTINGS})`, pid };
  const { program } = hello;
  const differences = [ownProgram, ...followers].map((each) => differenceBetween(program, each));
  if (differences.includes(undefined)) return undefined;
  const difference = differences.includes('release') ? 'release' : 'script';
  const { version } = ownProgram;
  const what =
    difference === 'script'
      ? 'another program of this service'
      : program.version === version
        ? 'this program from another folder'
        : `version ${program.version ?? '?'} of this program, and this process version ${version ?? '?'}`;
  return { refused: `it runs ${what}; the same APM_GROUP in both merges them`, difference, pid, version };
}

/** Reads the leader's answer in any protocol: a leader of protocol 1 sends `refused` without a type. */
export function readAnswer(message: unknown): HelloAnswer {
  const { welcome, refused, difference, pid, version } = message as { welcome?: Welcome } & Partial<Refusal>;
  if (welcome !== undefined) return { type: 'welcome', welcome };
  const isKnown = difference === 'script' || difference === 'release';
  return {
    type: 'refused',
    refused: refused ?? 'the answer is malformed',
    ...(isKnown && isPlainText(pid) && { difference, pid, version: isPlainText(version) ? version : null }),
  };
}
