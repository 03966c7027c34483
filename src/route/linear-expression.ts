/**
 * Whether a regular expression of the app may be tried on a path that a client has chosen, before the app itself does so:
 * the time must not grow faster than the path. The app may have a check in front of the route that keeps strangers away.
 *
 * Accepted are expressions from the start of the path, with text, classes, groups and optional parts. Between two slashes
 * only one part may have any length, and after a part that takes slashes there is no other such part. What path-to-regexp
 * makes of most paths is among them. Anything else is refused.
 */
export function isLinear(expression: RegExp): boolean {
  const known = decided.get(expression);
  if (known !== undefined) return known;
  const isAccepted = new Reader(expression.source).accepts();
  decided.set(expression, isAccepted);
  return isAccepted;
}

const decided = new WeakMap<RegExp, boolean>();

/**
 * @property anchored  the start of the path has been asked for
 * @property repeated  a part of any length since the last slash
 * @property rest      such a part that takes slashes
 */
interface State {
  readonly anchored: boolean;
  readonly repeated: boolean;
  readonly rest: boolean;
}

/** Any length of what is no beginning of the text before it, as path-to-regexp writes the later parameters of a segment. */
const TEMPERED = /\(\?:\(\?![^()]*\)(?:\.|\[\^(?:\\.|[^\]\\])*\]|\[\\s\\S\])\)[+*]\??/y;
const OPENING = /\((?:\?(?::|=|!|<\w+>))?/y;
const ATOM = /\[(?:\\.|[^\]\\])*\]|\\[^1-9kpPuxc]|[^\\[\](){}*+?|]/y;
const QUANTIFIER = /[*+]\??|\{\d+(?:,\d*)?\}\??|\?\??/y;
/** What takes slashes: `.`, a class that leaves out others than the slash, and the complements of classes. */
const TAKES_SLASHES = /^(?:\.|\\[A-Z]|\[\^(?!.*\/).*\]|\[(?!\^).*(?:\/|\\[^dws.-]|[ -.]-[0-~]).*\])$/;

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  accepts(): boolean {
    const end = this.#alternatives({ anchored: false, repeated: false, rest: false });
    return end !== undefined && this.#at === this.#source.length;
  }

  /** @returns undefined for what is refused */
  #alternatives(start: State): State | undefined {
    let end = this.#sequence(start);
    while (end !== undefined && this.#source[this.#at] === '|') {
      this.#at++;
      const other = this.#sequence(start);
      end = other && either(end, other);
    }
    return end;
  }

  #sequence(start: State): State | undefined {
    let state: State | undefined = start;
    while (state !== undefined && this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string)) {
      state = this.#part(state);
    }
    return state;
  }

  #part(state: State): State | undefined {
    if (this.#take(TEMPERED)) return state.anchored ? state : undefined;
    const opening = this.#take(OPENING);
    if (opening) return this.#group(opening, state);
    const atom = this.#take(ATOM);
    if (!atom) return undefined;
    const quantifier = this.#take(QUANTIFIER);
    if (atom === '^') return { ...state, anchored: true };
    if (/[*+,]/.test(quantifier)) {
      if (!state.anchored || state.repeated || state.rest) return undefined;
      return { ...state, repeated: true, rest: TAKES_SLASHES.test(atom) };
    }
    return /^\\?\/$/.test(atom) && quantifier === '' ? { ...state, repeated: false } : state;
  }

  #group(opening: string, state: State): State | undefined {
    const isLookahead = /[=!]$/.test(opening);
    // Nothing in a lookahead may have any length.
    const inside = this.#alternatives(isLookahead ? { ...state, rest: true } : state);
    if (inside === undefined || this.#source[this.#at] !== ')') return undefined;
    this.#at++;
    const quantifier = this.#take(QUANTIFIER);
    if (quantifier !== '' && !quantifier.startsWith('?')) return undefined;
    if (isLookahead) return state;
    return quantifier === '' ? inside : either(state, inside);
  }

  #take(token: RegExp): string {
    token.lastIndex = this.#at;
    const text = token.exec(this.#source)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }
}

const either = (a: State, b: State): State => ({
  anchored: a.anchored && b.anchored,
  repeated: a.repeated || b.repeated,
  rest: a.rest || b.rest,
});
