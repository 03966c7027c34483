import type { Group } from './rule.ts';

/**
 * A rule file, for people too: expressions and texts as blocks, in which nothing needs to be quoted.
 * @param heading lines of comment
 */
export function ruleFile(groups: readonly Group[], heading: readonly string[]): string {
  const lines = [...heading.map((line) => `# ${line}`.trimEnd()), 'groups:'];
  for (const { name, interval, rules } of groups) {
    lines.push(`  - name: ${name}`, `    interval: ${interval}`, '    rules:');
    for (const rule of rules)
      lines.push(...entries(rule).map((line, i) => `${i === 0 ? '      - ' : '        '}${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/** Maps of names that need no quotes, to such maps and to texts. */
function entries(map: object): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    if (typeof value === 'object') return [`${key}:`, ...entries(value).map((line) => `  ${line}`)];
    const text = String(value);
    if (/^[A-Za-z]\w*$|^\w+(:\w+)+$|^\d+[smhdw]$/.test(text)) return [`${key}: ${text}`];
    return [`${key}: |-`, ...text.split('\n').map((line) => `  ${line}`)];
  });
}
