import type { Comparison, EndpointResult, MeasureResult } from '../../../statistics/model.ts';
import { distributionSvg } from './distribution-svg.ts';
import { explain } from './explanation.ts';
import { STYLE } from './html-style.ts';
import { describeLeftOut, describeResult, describeSide } from './summary.ts';
import { describeChange, describePair, describeRequests, measureName, SERVICE_NAME, verdictWord } from './words.ts';

/** The comparison as one page without any external resource or script. It draws the distributions of both sides. */
export function renderHtml(comparison: Comparison): string {
  const { method, sides, service, endpoints, missing } = comparison;
  const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
  const facts = [...sides.map((side) => describeSide(method, side)), ...describeLeftOut(comparison)];
  const missingLines = Object.entries(missing)
    .filter(([, keys]) => keys.length > 0)
    .map(([side, keys]) => paragraph(`Only ${side}: ${keys.join(', ')}`));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>apm compare: ${escapeHtml(sides.map(({ name }) => name).join(' and '))}</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>Before and after</h1>
${describeResult(comparison, (key) => key)
  .map((line) => `<p class="result">${escapeHtml(line)}</p>`)
  .join('\n')}
${facts.map(paragraph).join('\n')}
${[{ ...service, key: SERVICE_NAME }, ...endpoints].map((result) => renderSection(result, comparison.objective)).join('\n')}
${missingLines.join('\n')}
<h2>How this was computed</h2>
<details><summary>Method, correction, weighting, resolution</summary>
${explain(comparison).map(paragraph).join('\n')}
</details>
</main></body>
</html>
`;
}

const COLUMNS = ['measure', 'before → after', 'change', 'interval', 'verdict'];

/** One endpoint: its measures as a table, and the drawing. */
function renderSection(result: EndpointResult, objective: number): string {
  const row = (one: MeasureResult) => {
    const cells = [describePair(one, '→'), ...describeChange(one)];
    return `<tr><th scope="row">${measureName(one.measure, objective)}</th>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}<td class="${one.verdict.replaceAll(' ', '-')}">${verdictWord(one)}</td></tr>`;
  };
  return `<section><h2>${escapeHtml(result.key)}</h2>
<p>${describeRequests(result, '→')}</p>
<div class="wide" tabindex="0"><table><thead><tr>${COLUMNS.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>
<tbody>${result.measures.map(row).join('')}</tbody></table></div>
${distributionSvg(result)}
</section>`;
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
