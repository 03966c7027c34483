import { readablePattern } from '../../readable-pattern.ts';
import type { OwnTemplate } from './layer.ts';

/** Distinct templates below one mount path. Apps that create mounts all the time must not fill the memory. */
const MAX_BELOW = 1000;

/** The template of a mount, with the mounts around it. There is one object for one text, so that each is joined once. */
export class MountPath {
  readonly path: string;
  /** The template of a route or mount with this path. */
  readonly route: string;
  readonly #below = new Map<OwnTemplate, MountPath>();

  constructor(path = '', route = path || '/') {
    this.path = path;
    this.route = route;
  }

  /** A regular expression is written as in the app's source when it stands alone, and as a path together with mounts. */
  plus(own: OwnTemplate): MountPath {
    if (own === '') return this;
    const known = this.#below.get(own);
    if (known !== undefined) return known;
    const below = this.#join(own);
    if (this.#below.size >= MAX_BELOW) this.#below.clear();
    this.#below.set(own, below);
    return below;
  }

  #join(own: OwnTemplate): MountPath {
    if (typeof own === 'string') return new MountPath(this.path + own);
    const path = this.path + readablePattern(own);
    return this.path === '' ? new MountPath(path, String(own)) : new MountPath(path);
  }
}

/** Around all mounts. */
export const ROOT = new MountPath();
