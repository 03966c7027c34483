import { parser } from '@prometheus-io/lezer-promql';

/**
 * Every selector of an expression as an expression of its own, with its range and offset: what it looks at. An alert is
 * quiet by returning nothing, so that a name misspelt in it would never be missed otherwise.
 */
export function selectors(expr: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter({ node }) {
      if (node.name !== 'VectorSelector') return;
      const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
      const { from, to } = matrix ?? node;
      // From the text: the grammar takes an offset for the whole operation before it.
      const [offset] = /^(\s+offset\s+-?\w+)?/.exec(expr.slice(to)) as RegExpExecArray;
      const whole = expr.slice(from, to) + offset;
      found.push(matrix ? `last_over_time(${whole})` : whole);
    },
  });
  return found;
}
