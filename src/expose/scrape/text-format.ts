import { type Labels, labelPairs } from './labels.ts';

/** `a="1",b="2"`: the text between the braces. */
export const labelText = (attributes: Labels): string =>
  Array.from(labelPairs(attributes), ([name, value]) => `${name}="${escapeValue(value)}"`).join(',');

export function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

const escapeValue = (value: string): string =>
  value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));

export function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
}
