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

function parseNodes(expr: string): Node[] {
  const nodes: Node[] = [];
  parser.parse(expr).iterate({ enter: ({ node }) => void nodes.push(node as Node) });
  return nodes;
}

/** The places where the expression is not valid PromQL. */
export function findMistakes(expr: string): string[] {
  return parseNodes(expr)
    .filter(({ name }) => name === '\u26a0')
    .map(({ from }) => `after ${expr.slice(0, from).slice(-7)}`);
}

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function findAncestor(node: Node, name: string, through: readonly string[]): Node | undefined {
  let next = node.parent;
  while (next && next.name !== name && through.includes(next.name)) next = next.parent;
  return next?.name === name ? next : undefined;
}

export function findSelectors(expr: string): Selector[] {
  const text = ({ from, to }: Node) => expr.slice(from, to);
  return parseNodes(expr)
    .filter(({ name }) => name === 'VectorSelector')
    .map((node) => {
      const [metric, labels] = childrenOf(node);
      const matrix = findAncestor(node, 'MatrixSelector', []);
      const range = matrix && childrenOf(matrix).find(({ name }) => name === 'DurationExpr');
      const wrapped = ['MatrixSelector', 'OffsetExpr', 'StepInvariantExpr', 'FunctionCallBody'];
      const call = findAncestor(node, 'FunctionCall', wrapped)?.firstChild;
      return {
        metric: metric ? text(metric) : '',
        matchers: labels ? childrenOf(labels).map((matcher) => text(matcher).replaceAll(' ', '')) : [],
        ...(range && { range: text(range) }),
        ...(call && { fn: text(call) }),
      };
    });
}
