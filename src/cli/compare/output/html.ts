import type { Comparison, EndpointResult, MeasureResult } from '../../../statistics/model.ts';
import {
  describeEndpoint,
  describePeriod,
  formatChange,
  formatInterval,
  formatPair,
  formatSeconds,
  measureName,
} from './format.ts';
import { histogramSvg } from './histogram-svg.ts';
import { methodText } from './method-text.ts';

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #17202b; --quiet: #55606e; --edge: #d5dae1;
  --before: #8a94a1; --after: #0b57b7; --better: #1a6b35; --worse: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ground: #10151b; --text: #e8edf3; --quiet: #a3afbd; --edge: #36414d;
  --before: #98a3b1; --after: #8ab8ff; --better: #7fd69a; --worse: #ff8a80 } }
body { max-width: 1000px; margin: 0 auto; padding: 16px; background: var(--ground); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums }
h1 { font-size: 22px } h2 { font-size: 17px; margin: 28px 0 4px; overflow-wrap: anywhere }
p, figcaption, th { color: var(--quiet) } p { margin: 4px 0 }
table { border-collapse: collapse }
th, td { padding: 3px 18px 3px 0; text-align: left; font-weight: 400; white-space: nowrap }
.better { color: var(--better); font-weight: 600 } .worse { color: var(--worse); font-weight: 600 }
figure, .wide { margin: 8px 0; overflow-x: auto } svg { max-width: 100%; min-width: 720px; height: auto }
svg text { fill: var(--quiet); font: 11px system-ui, sans-serif }
.b { fill: var(--before); fill-opacity: .45 } .a { fill: none; stroke: var(--after); stroke-width: 2 }
.q { stroke: var(--edge) }
`;

/** The comparison as one page without any external resource. It draws the distributions of both sides. */
export function renderHtml(comparison: Comparison): string {
  const { sides, service, endpoints, missing } = comparison;
  const { bounds = [] } = sides[0];
  const top = bounds.at(-1) ?? 0;
  const objective = formatSeconds(comparison.objective, top);
  const row = (result: MeasureResult) =>
    `<tr><th scope="row">${measureName(result.measure, objective)}</th>${[
      formatPair(result, top, '→'),
      formatChange(result.change?.value),
      formatInterval(result),
    ]
      .map((text) => `<td>${escapeHtml(text)}</td>`)
      .join('')}<td class="${result.verdict.replaceAll(' ', '-')}">${result.verdict}</td></tr>`;
  const section = (name: string, result: EndpointResult) => `<section><h2>${escapeHtml(name)}</h2>
<p>${escapeHtml(describeEndpoint(result))}</p>
<div class="wide" tabindex="0"><table><thead><tr>${['', 'before → after', 'change', 'interval', 'verdict'].map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>
<tbody>${result.measures.map(row).join('')}</tbody></table></div>
${histogramSvg(result.histograms, bounds)}
</section>`;
  const missingLines = Object.entries(missing)
    .filter(([, keys]) => keys.length > 0)
    .map(([side, keys]) => `<p>Only ${side}: ${escapeHtml(keys.join(', '))}</p>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>apm compare: ${escapeHtml(sides.map(({ name }) => name).join(' and '))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Before and after</h1>
${sides.map((side) => `<p>${escapeHtml(describePeriod(side))}</p>`).join('\n')}
${section('The service, weighted by the endpoint mix before', service)}
${endpoints.map((result) => section(result.key, result)).join('\n')}
${missingLines.join('\n')}
<h2>Method</h2>
<p>${escapeHtml(methodText(comparison))}</p>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from an app must not become markup. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
