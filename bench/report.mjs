// The report as Markdown, for the terminal and for RESULTS.md.
import { cpus } from 'node:os';

const COLUMNS = {
  ours: '@org/apm',
  upstream: 'instrumentation-http',
  promClient: 'prom-client',
  again: 'bare again (noise)',
  bare: 'bare',
};

const line = (cells) => `| ${cells.join(' | ')} |`;
const verdict = (met) => (met === undefined ? '' : met ? 'ok' : 'MISSED');

function table(rows) {
  const heads = ['what', 'budget', ...Object.values(COLUMNS), ''];
  const lines = rows.map(({ what, budget = '', cells, met }) =>
    line([what, budget, ...Object.keys(COLUMNS).map((name) => cells[name]?.trim() ?? ''), verdict(met)]),
  );
  return [line(heads), line(heads.map(() => '---')), ...lines].join('\n');
}

/** @param {{ rows: object[], how: string }[]} results  one for each measurement */
export function formatReport(results, { command, date, seconds }) {
  return `# What it costs

Written by \`${command}\` on ${date.toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0].model.trim()}), in ${Math.round(seconds)} s.

All variants are measured in one run. Their rounds alternate, in a new order each time. A figure is the median of the differences
(or ratios) within each round, compared with the same bare \`node:http\` server with an empty preload. The 95 % confidence interval
of the median is in parentheses. "Bare again" is a second bare process, treated like the other variants: its difference is noise.

${table(results.flatMap(({ rows }) => rows))}

How each was measured:
${results.map(({ how }) => `- ${how}`).join('\n')}
`;
}
