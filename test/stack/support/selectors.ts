import { parser } from '@prometheus-io/lezer-promql';

/**
 * Every selector of an expression, with its range and offset, as a separate expression. An alert that does not fire returns
 * nothing, so a misspelt name in it would stay unnoticed unless its selectors are evaluated.
 */
export function selectors(expr: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter({ node }) {
      if (node.name !== 'VectorSelector') return;
      const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
      const { from, to } = matrix ?? node;
      // Read from the text, because the grammar applies an offset to the whole operation before it.
      const [offset] = /^(\s+offset\s+-?\w+)?/.exec(expr.slice(to)) as RegExpExecArray;
      const whole = expr.slice(from, to) + offset;
      found.push(matrix ? `last_over_time(${whole})` : whole);
    },
  });
  return found;
}
