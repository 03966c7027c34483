import { DeclaredRoutes, segmentsOf } from './declared-routes.ts';
import { isVariable } from './segment.ts';

/** One more child of a node than this, and the children not seen before share one `*`. */
const MAX_CHILDREN = 50;
/** What lies deeper is not told apart. */
const MAX_DEPTH = 10;
const CACHED = 1000;
/** Of a request target: its path is a slice, which keeps the whole of it. */
const LONGEST_CACHED = 512;

interface Node {
  readonly template: string;
  readonly children: Map<string, Node>;
  /** A request ended here, so that the template is a path and not merely the beginning of one. */
  isPath: boolean;
}

/**
 * Templates for requests without a route, by the shape of their paths: `/users/42` is `/users/:id`. Bounded in what it
 * keeps whatever arrives: values become `:id`, many siblings become `*`, and only an answer that shows that the path
 * exists adds to it, so that scanners cannot.
 */
export class PathShapes {
  readonly #declared: DeclaredRoutes;
  readonly #root: Node = node('');
  #recent = new Map<string, string>();
  #older = new Map<string, string>();

  constructor(declared: readonly string[] = []) {
    this.#declared = new DeclaredRoutes(declared);
  }

  /**
   * @param url  a request target, with or without a query
   * @param grow whether a path not seen before may be added
   * @returns undefined for a path that is not known and may not be added
   */
  templateFor(url: string, grow: boolean): string | undefined {
    const path = pathOf(url);
    const known = this.#recent.get(path) ?? this.#older.get(path);
    if (known !== undefined) return known;
    const found = this.#find(path, grow);
    if (found !== undefined && url.length <= LONGEST_CACHED) this.#remember(path, found);
    return found;
  }

  #find(path: string, grow: boolean): string | undefined {
    if (!path.startsWith('/')) return undefined;
    const segments = segmentsOf(path);
    const declared = this.#declared.match(segments);
    if (declared !== undefined) return declared;
    let at: Node | undefined = this.#root;
    for (let depth = 0; at !== undefined && depth < segments.length; depth++) {
      at = depth < MAX_DEPTH ? step(at, segments[depth] as string, grow) : child(at, '*', grow);
      if (depth === MAX_DEPTH) break;
    }
    if (at === undefined || !(at.isPath || grow)) return undefined;
    at.isPath = true;
    return at.template || '/';
  }

  /** What a path once got it always gets, so the latest answers may be kept: two generations bound them. */
  #remember(path: string, template: string): void {
    if (this.#recent.size >= CACHED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(path, template);
  }
}

const node = (template: string): Node => ({ template, children: new Map(), isPath: false });

function child(parent: Node, name: string, grow: boolean): Node | undefined {
  const known = parent.children.get(name);
  if (known !== undefined || !grow) return known;
  // A copy: the segment is a slice of its request target.
  const own = Buffer.from(name).toString();
  const added = node(`${parent.template}/${own}`);
  parent.children.set(own, added);
  return added;
}

function step(parent: Node, segment: string, grow: boolean): Node | undefined {
  if (isVariable(segment)) return child(parent, ':id', grow);
  const known = parent.children.get(segment);
  if (known !== undefined) return known;
  return child(parent, parent.children.size < MAX_CHILDREN ? segment : '*', grow);
}

/** The path of a request target in origin form (`/a?b`) or absolute form (`http://host/a?b`). */
function pathOf(url: string): string {
  const origin = url.charCodeAt(0) === 47 ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = origin.indexOf('?');
  return (end < 0 ? origin : origin.slice(0, end)) || '/';
}
