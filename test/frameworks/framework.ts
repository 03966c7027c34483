import type { PackageSet, Packages } from '../packages/package-set.ts';
import type { NodeLine, NodeVersion } from '../support/nodes.ts';

/**
 * One version of a framework, or one combination of it with other packages.
 * @property overrides  npm's overrides of the versions of dependencies
 * @property isMinor    whether it differs so little from another version that it runs in one variant on each Node
 * @property notOn      lines of Node on which it does not run even without us, with the reason. A test checks that
 */
export interface Version {
  readonly packages: Packages;
  readonly overrides?: Packages;
  readonly isMinor?: true;
  readonly notOn?: Readonly<Partial<Record<NodeLine, string>>>;
}

/**
 * A value that may differ between versions. A key is the name of a version or its first words; the longest matching key
 * applies, otherwise `else`. `{ '4': a, '5': b }` has `b` for `5` and for `5 with router 2.2`.
 */
type PerVersion<T> = T | Readonly<Record<string, T>>;

/** The `path` a request must be counted with. */
type Label = PerVersion<string>;

/**
 * The wrong answer that a framework itself gives on one release of Node.
 * @property versions  the versions that give it, by their names or first words; by default all versions
 */
interface Broken {
  readonly status: number;
  readonly reason: string;
  readonly versions?: readonly string[];
}

type BrokenOn = Readonly<Partial<Record<NodeVersion, Broken>>>;

/**
 * @property once      sent only once, because its answer depends on earlier requests
 * @property versions  the versions that it is sent to, by their names or first words; by default all versions
 * @property brokenOn  exact releases of Node on which the framework itself gives another answer. Tests check that with and
 *                     without us
 */
interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly once?: true;
  readonly versions?: readonly string[];
  readonly brokenOn?: BrokenOn;
}

/** A request such as `GET /users/ann`, the status of its answer, and the `path` that it must be counted with. */
export type Row = readonly [line: string, status: PerVersion<number>, label: Label, extras?: Extras];

/**
 * The contract of one framework: `table.ts` of its folder, next to the `app.ts` that answers the requests.
 * @property name      the spelling of its users
 * @property versions  the versions by their names in titles of tests
 * @property bundle    for esbuild: packages that are not bundled, and the format (CommonJS by default)
 * @property tsconfig  compiler options that the app needs, such as for decorators
 */
export interface Framework {
  readonly name: string;
  readonly versions: Readonly<Record<string, Version>>;
  readonly bundle?: { readonly external?: readonly string[]; readonly format?: 'cjs' | 'esm' };
  readonly tsconfig?: Readonly<Record<string, unknown>>;
  readonly requests: readonly Row[];
}

/**
 * Requests that something before the routes answers, because their header `x-early` asks for it: with an error, or with
 * a status. Routes that match method and path are known by then.
 * @param label the `path` that each must be counted with
 */
export const earlyRows = (line: string, label: Label): Row[] => [
  [line, 500, label, { headers: { 'x-early': 'error' } }],
  ...[503, 429, 401, 304, 301].map((status): Row => [line, status, label, { headers: { 'x-early': String(status) } }]),
];

/** The answer that one version must give to a row. */
export interface Expected {
  readonly line: string;
  readonly status: number;
  readonly label: string;
  readonly extras: Extras;
  readonly brokenOn?: BrokenOn;
}

/** The name of the newest version. */
export const newestOf = ({ versions }: Framework): string =>
  Object.keys(versions).findLast((name) => !versions[name]?.isMinor) as string;

/** The rows of one version. */
export function rowsOf(framework: Framework, version: string): Expected[] {
  return framework.requests
    .filter(([, , , extras]) => appliesTo(version, extras?.versions))
    .map(([line, status, label, extras = {}]) => ({
      line,
      status: valueFor(status, version),
      label: valueFor(label, version),
      extras,
      brokenOn: Object.fromEntries(
        Object.entries(extras.brokenOn ?? {}).filter(([, broken]) => appliesTo(version, broken?.versions)),
      ),
    }));
}

/** The rows that the framework answers wrongly on this Node, with their wrong answers. */
export function brokenRows(rows: readonly Expected[], on: NodeVersion): Expected[] {
  return rows.flatMap((row) => {
    const broken = row.brokenOn?.[on];
    return broken ? [{ ...row, status: broken.status }] : [];
  });
}

/** The rows with the answers that the framework gives on this Node. */
export function rowsOn(rows: readonly Expected[], on: NodeVersion): Expected[] {
  return rows.map((row) => ({ ...row, status: row.brokenOn?.[on]?.status ?? row.status }));
}

/** The packages that are installed for one version. */
export function packageSetOf(framework: Framework, version: string): PackageSet {
  const { packages, overrides } = framework.versions[version] as Version;
  return { title: `${framework.name}-${version}`, packages, ...(overrides && { overrides }) };
}

/** The counts that these requests must result in, by series: `GET /users/:id 200`. */
export function expectedCounts(rows: readonly Expected[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { line, label, status } of rows) {
    const series = `${line.split(' ')[0]} ${label} ${status}`;
    found[series] = (found[series] ?? 0) + 1;
  }
  return found;
}

const appliesTo = (version: string, keys?: readonly string[]) => keys?.some((key) => covers(key, version)) ?? true;

const covers = (key: string, version: string) => key === version || version.startsWith(`${key} `);

function valueFor<T extends string | number>(value: PerVersion<T>, version: string): T {
  if (typeof value !== 'object') return value;
  const keys = Object.keys(value).filter((key) => covers(key, version));
  const [key = 'else'] = keys.sort((a, b) => b.length - a.length);
  const found = value[key];
  if (found === undefined) throw new Error(`${JSON.stringify(value)} has no value for version ${version}`);
  return found;
}
