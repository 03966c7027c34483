import { budgetAlerts } from './alerts/budgets.ts';
import { endpointAlerts } from './alerts/endpoints.ts';
import { pipelineAlerts } from './alerts/pipeline.ts';
import { trafficAlerts } from './alerts/traffic.ts';
import type { Objectives } from './objectives.ts';
import { recordingRules } from './recording.ts';
import { EVALUATION_INTERVAL_SECONDS, type Group } from './rule.ts';

/** The rule file for these objectives. @param heading  lines of comment */
export const renderRuleFile = (objectives: Objectives, heading: readonly string[]): string =>
  renderYaml([ruleGroup(objectives)], heading);

/** All rules in one group: Prometheus evaluates a group in order, so the alerts see the newest recordings. */
const ruleGroup = (objectives: Objectives): Group => ({
  name: 'apm',
  interval: `${EVALUATION_INTERVAL_SECONDS}s`,
  rules: [
    ...recordingRules(objectives),
    ...budgetAlerts(objectives),
    ...endpointAlerts(objectives),
    ...trafficAlerts(objectives),
    ...pipelineAlerts(objectives),
  ],
});

/** Expressions and texts are YAML blocks, which need no quotes and read well. */
function renderYaml(groups: readonly Group[], heading: readonly string[]): string {
  const lines = [...heading.map((line) => `# ${line}`.trimEnd()), 'groups:'];
  for (const { name, interval, rules } of groups) {
    lines.push(`  - name: ${name}`, `    interval: ${interval}`, '    rules:');
    for (const rule of rules)
      lines.push(...yamlEntries(rule).map((line, i) => `${i === 0 ? '      - ' : '        '}${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/** The lines of a map. Its keys need no quotes; its values are texts or such maps. */
function yamlEntries(map: object): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    if (typeof value === 'object') return [`${key}:`, ...yamlEntries(value).map((line) => `  ${line}`)];
    const text = String(value);
    if (/^[A-Za-z]\w*$|^\w+(:\w+)+$|^\d+[smhdw]$/.test(text)) return [`${key}: ${text}`];
    return [`${key}: |-`, ...text.split('\n').map((line) => `  ${line}`)];
  });
}
