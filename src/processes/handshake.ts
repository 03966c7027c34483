/** The version of the messages. It changes when the meaning of any message changes. */
export const PROTOCOL = 3;

/**
 * The first line that a process sends to the leader.
 * @property settings  a digest of the settings that must be equal for metrics to be merged
 * @property pid       of the process; a thread appends its number, as in `4711.2`
 */
export interface Hello {
  readonly protocol: number;
  readonly settings: string;
  readonly pid: string;
}

/**
 * @property leader   the id of this leader; the next one has counted nothing yet and has another id
 * @property address  of the metrics server; absent where the app's own server answers the scrape
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
  | { readonly type: 'refused'; readonly refused: string };

const SETTINGS = 'APM_BUCKETS, APM_METRIC_NAMES, APM_METRICS_PATH or APM_AUTH_TOKEN';
const PID = /^\d{1,20}(\.\d{1,20})?$/;

/** Reads the hello of any protocol. @throws where it is none */
export function readHello(message: unknown): Hello {
  const { protocol, settings, pid } = (message as Partial<HelloMessage>).hello ?? {};
  if (protocol === undefined || typeof pid !== 'string' || !PID.test(pid)) throw new Error('not a hello');
  return { protocol, settings: String(settings), pid };
}

/** Why these two processes cannot be merged; undefined where they can. */
export function refusalReason(hello: Hello, settings: string): string | undefined {
  if (hello.protocol !== PROTOCOL) return 'it runs another version of @org/apm';
  if (hello.settings !== settings) return `its settings differ (${SETTINGS})`;
  return undefined;
}

/** Reads the leader's answer in any protocol: a leader of protocol 1 sends `refused` without a type. */
export function readAnswer(message: unknown): HelloAnswer {
  const { welcome, refused } = message as { welcome?: Welcome; refused?: string };
  if (welcome !== undefined) return { type: 'welcome', welcome };
  return { type: 'refused', refused: refused ?? 'the answer is malformed' };
}
