import { requestPath } from '../../base/request-path.ts';
import { PathCache } from '../path-cache.ts';
import { segmentsOf } from '../template.ts';
import { segmentShape } from './segment-shape.ts';

/** When a node has this many children, all further ones share one `*`. */
const MAX_CHILDREN = 50;
/** Segments below this depth share one `*`. */
const MAX_DEPTH = 10;

interface Node {
  readonly template: string;
  readonly children: Map<string, Node>;
  /** Whether a request had exactly this path; otherwise it is only the beginning of longer ones. */
  isPath: boolean;
}

/**
 * Templates for requests without a route, by the shape of their paths: `/users/42` is `/users/:id`. The memory is bounded
 * for any traffic: values become `:id`, many siblings become `*`, and only a response that shows that the path exists
 * adds a template, so scanners cannot add any.
 */
export class PathShapes {
  readonly #root: Node = node('');
  readonly #cache = new PathCache<string>();

  /** The paths with more children than this number. By default it is the number from which on children share one `*`. */
  crowded(children = MAX_CHILDREN): string[] {
    return [...crowdedBelow(this.#root, children)];
  }

  /**
   * @param url  a request target, with or without a query
   * @param grow whether an unknown path may be added
   * @returns undefined for an unknown path that may not be added
   */
  templateFor(url: string, grow: boolean): string | undefined {
    const path = requestPath(url);
    const known = this.#cache.get(path);
    if (known !== undefined) return known;
    const found = this.#find(path, grow);
    // The template of a path never changes.
    if (found !== undefined) this.#cache.set(path, found, url);
    return found;
  }

  #find(path: string, grow: boolean): string | undefined {
    if (!path.startsWith('/')) return undefined;
    const segments = segmentsOf(path);
    let at: Node | undefined = this.#root;
    for (let depth = 0; at !== undefined && depth < segments.length; depth++) {
      at = depth < MAX_DEPTH ? this.#step(at, segments[depth] as string, grow) : child(at, '*', grow);
      if (depth === MAX_DEPTH) break;
    }
    if (at === undefined || !(at.isPath || grow)) return undefined;
    at.isPath = true;
    return at.template || '/';
  }

  #step(parent: Node, segment: string, grow: boolean): Node | undefined {
    const shape = segmentShape(segment, parent.template);
    if (shape !== segment) return child(parent, shape, grow);
    const known = parent.children.get(segment);
    if (known !== undefined) return known;
    return child(parent, parent.children.size < MAX_CHILDREN ? segment : '*', grow);
  }
}

function* crowdedBelow({ template, children }: Node, min: number): Generator<string> {
  if (children.size > min) yield template || '/';
  for (const each of children.values()) yield* crowdedBelow(each, min);
}

const node = (template: string): Node => ({ template, children: new Map(), isPath: false });

function child(parent: Node, name: string, grow: boolean): Node | undefined {
  const known = parent.children.get(name);
  if (known !== undefined || !grow) return known;
  // A copy, because the segment is a slice and would keep its whole request target in memory.
  const copy = Buffer.from(name).toString();
  const added = node(`${parent.template}/${copy}`);
  parent.children.set(copy, added);
  return added;
}
