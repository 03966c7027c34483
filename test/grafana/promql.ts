import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** `job=~"$job"` */
  readonly matchers: readonly string[];
  /** The range in brackets, if there is one. */
  readonly range?: string;
  /** The function that it is an argument of, if there is one. */
  readonly fn?: string;
}

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly parent: Node | null;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}

function all(expr: string): Node[] {
  const nodes: Node[] = [];
  parser.parse(expr).iterate({ enter: ({ node }) => void nodes.push(node as Node) });
  return nodes;
}

/** The places where the expression is not valid PromQL. */
export function mistakes(expr: string): string[] {
  return all(expr)
    .filter(({ name }) => name === '\u26a0')
    .map(({ from }) => `after ${expr.slice(0, from).slice(-7)}`);
}

function children(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function ancestor(node: Node, name: string, through: readonly string[]): Node | undefined {
  let next = node.parent;
  while (next && next.name !== name && through.includes(next.name)) next = next.parent;
  return next?.name === name ? next : undefined;
}

export function selectors(expr: string): Selector[] {
  const text = ({ from, to }: Node) => expr.slice(from, to);
  return all(expr)
    .filter(({ name }) => name === 'VectorSelector')
    .map((node) => {
      const [metric, labels] = children(node);
      const matrix = ancestor(node, 'MatrixSelector', []);
      const range = matrix && children(matrix).find(({ name }) => name === 'DurationExpr');
      const wrapped = ['MatrixSelector', 'OffsetExpr', 'StepInvariantExpr', 'FunctionCallBody'];
      const call = ancestor(node, 'FunctionCall', wrapped)?.firstChild;
      return {
        metric: metric ? text(metric) : '',
        matchers: labels ? children(labels).map((matcher) => text(matcher).replaceAll(' ', '')) : [],
        ...(range && { range: text(range) }),
        ...(call && { fn: text(call) }),
      };
    });
}
