import type { PackageSet, Packages } from '../packages/package-set.ts';
import type { NodeLine, NodeVersion } from '../support/nodes.ts';

/**
 * One version of a framework, or one combination of it with others.
 * @property overrides  npm's, for packages that a framework depends on
 * @property notOn      lines of Node it does not run on by itself, with the reason. That is tested too, without us
 */
export interface Version {
  readonly packages: Packages;
  readonly overrides?: Packages;
  readonly notOn?: Readonly<Partial<Record<NodeLine, string>>>;
}

/**
 * What may differ between versions: by a version's name or the words it begins with, the longest that fits, or `else`.
 * `{ '4': a, '5': b }` has `b` for `5` and for `5 with router 2.2`.
 */
export type PerVersion<T> = T | Readonly<Record<string, T>>;

/** The `path` a request must be counted with. */
export type Label = PerVersion<string>;

/**
 * How a framework itself answers a request wrongly on one release of Node.
 * @property versions  of these versions only, by their names or the words they begin with
 */
export interface Broken {
  readonly status: number;
  readonly reason: string;
  readonly versions?: readonly string[];
}

type BrokenOn = Readonly<Partial<Record<NodeVersion, Broken>>>;

/**
 * @property once      not asked for again and again, as its answer depends on what was before
 * @property versions  asked of these versions only, by their names or the words they begin with
 * @property brokenOn  exact releases of Node on which the framework answers otherwise, with or without us; both are tested
 */
export interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly once?: true;
  readonly versions?: readonly string[];
  readonly brokenOn?: BrokenOn;
}

/** What is asked for, such as `GET /users/ann`, the status of the answer, and the `path` it must be counted with. */
export type Row = readonly [line: string, status: PerVersion<number>, label: Label, extras?: Extras];

/**
 * The contract of one framework: `table.ts` of its folder, next to the `app.ts` that answers.
 * @property name      as its users write it
 * @property versions  by a name for the title of the tests
 * @property bundle    for esbuild: packages that stay outside, and the format (CommonJS unless it is said)
 * @property tsconfig  compiler options that the app is written for, such as decorators
 */
export interface Framework {
  readonly name: string;
  readonly versions: Readonly<Record<string, Version>>;
  readonly bundle?: { readonly external?: readonly string[]; readonly format?: 'cjs' | 'esm' };
  readonly tsconfig?: Readonly<Record<string, unknown>>;
  readonly requests: readonly Row[];
}

/** A row as one version must answer it. */
export interface Expected {
  readonly line: string;
  readonly status: number;
  readonly label: string;
  readonly extras: Extras;
  readonly brokenOn?: BrokenOn;
}

/** The rows of one version. */
export function rowsOf(framework: Framework, version: string): Expected[] {
  return framework.requests
    .filter(([, , , extras]) => isOf(version, extras?.versions))
    .map(([line, status, label, extras = {}]) => ({
      line,
      status: ofVersion(status, version),
      label: ofVersion(label, version),
      extras,
      brokenOn: Object.fromEntries(
        Object.entries(extras.brokenOn ?? {}).filter(([, broken]) => isOf(version, broken?.versions)),
      ),
    }));
}

/** The rows that the framework answers wrongly on this Node, with the answer it then gives. */
export function brokenRows(rows: readonly Expected[], on: NodeVersion): Expected[] {
  return rows.flatMap((row) => {
    const broken = row.brokenOn?.[on];
    return broken ? [{ ...row, status: broken.status }] : [];
  });
}

/** The rows as the framework answers them on this Node. */
export function rowsOn(rows: readonly Expected[], on: NodeVersion): Expected[] {
  return rows.map((row) => ({ ...row, status: row.brokenOn?.[on]?.status ?? row.status }));
}

/** What is installed for one version. */
export function packageSetOf(framework: Framework, version: string): PackageSet {
  const { packages, overrides } = framework.versions[version] as Version;
  return { title: `${framework.name}-${version}`, packages, ...(overrides && { overrides }) };
}

/** The series that a number of requests must have made: `GET /users/:id 200` to how many. */
export function seriesOf(rows: readonly Expected[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { line, label, status } of rows) {
    const series = `${line.split(' ')[0]} ${label} ${status}`;
    found[series] = (found[series] ?? 0) + 1;
  }
  return found;
}

const isOf = (version: string, keys?: readonly string[]) => keys?.some((key) => covers(key, version)) ?? true;

const covers = (key: string, version: string) => key === version || version.startsWith(`${key} `);

function ofVersion<T extends string | number>(value: PerVersion<T>, version: string): T {
  if (typeof value !== 'object') return value;
  const keys = Object.keys(value).filter((key) => covers(key, version));
  const [key = 'else'] = keys.sort((a, b) => b.length - a.length);
  const found = value[key];
  if (found === undefined) throw new Error(`nothing said of ${version} in ${JSON.stringify(value)}`);
  return found;
}
