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
      let whole = node;
      const around = ['MatrixSelector', 'OffsetExpr', 'StepInvariantExpr'];
      while (whole.parent && around.includes(whole.parent.name)) whole = whole.parent;
      const text = expr.slice(whole.from, whole.to);
      found.push(node.parent?.name === 'MatrixSelector' ? `last_over_time(${text})` : text);
    },
  });
  return found;
}
