import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ignore } from '../../src/config/ignore.ts';
import { isListParser } from '../../src/config/lists.ts';
import type { ConfigOptions } from '../../src/config/load.ts';
import type { SetupOptions } from '../../src/config/setup-options.ts';
import type { Variable } from '../../src/config/variable.ts';
import { type ConfigKey, VARIABLES } from '../../src/config/variables.ts';
import { root } from '../support/root.ts';

type MetricsOnlyKey = Extract<ConfigKey, `otlpMetrics${string}`>;

/** Variables without their own option, and the reason. A new variable needs an option, or a reason here. */
const WITHOUT_OPTION: Record<MetricsOnlyKey, string> = {
  otlpMetricsEndpoint: 'only metrics are pushed: otlpEndpoint',
  otlpMetricsProtocol: 'only metrics are pushed: otlpProtocol',
  otlpMetricsHeaders: 'only metrics are pushed: otlpHeaders',
  otlpMetricsTimeout: 'only metrics are pushed: otlpTimeout',
  otlpMetricsCompression: 'only metrics are pushed: otlpCompression',
  otlpMetricsCertificate: 'only metrics are pushed: otlpCertificate',
  otlpMetricsClientKey: 'only metrics are pushed: otlpClientKey',
  otlpMetricsClientCertificate: 'only metrics are pushed: otlpClientCertificate',
  otlpMetricsInsecure: 'only metrics are pushed: otlpInsecure',
};

/** Options without a variable of their own: a part of another variable, and a function. */
const WITHOUT_VARIABLE = ['serviceVersion', 'ignore'];

/** Defaults in code that differ from those of the environment. */
const DEFAULT_IN_CODE: Partial<Record<ConfigKey, string>> = { exporters: '`none`' };

/** The documentation of each option, as one line of text, by the option's name. */
function readDocumentation(): Map<string, string> {
  const files = ['setup-options.ts', 'call-options.ts', 'otlp-options.ts'].map((file) =>
    readFileSync(join(root, 'src/config', file), 'utf8'),
  );
  const options = files.flatMap((text) => [
    ...text.matchAll(/ {2}\/\*\*((?:(?!\*\/).)*)\*\/\n {2}readonly (\w+)\?:/gs),
  ]);
  return new Map(options.map(([, doc = '', name = '']) => [name, doc.replace(/\s*\n {3}\*/g, '').trim()]));
}

const documentation = readDocumentation();
const optionKeys = (Object.keys(VARIABLES) as ConfigKey[]).filter((key) => !(key in WITHOUT_OPTION));

it('has an option of setupApm for every variable, except for those with a reason', () => {
  expect([...documentation.keys()].filter((name) => !WITHOUT_VARIABLE.includes(name)).sort()).toEqual(
    optionKeys.sort(),
  );
});

it('lets one option replace both variables of a push', () => {
  for (const [key, reason] of Object.entries(WITHOUT_OPTION)) {
    const row: Variable<unknown> = VARIABLES[key as MetricsOnlyKey];
    expect(reason).toBe(`only metrics are pushed: ${row.replacedBy}`);
    expect(documentation.has(String(row.replacedBy))).toBe(true);
  }
});

describe.each(optionKeys)('%s', (key) => {
  it('documents its meaning, its default, its variable, and what an invalid value leads to', () => {
    const row: Variable<unknown> = VARIABLES[key];
    const doc = documentation.get(key);
    const defaultValue = DEFAULT_IN_CODE[key] ?? row.fallbackText ?? `\`${row.fallback}\``;
    expect(doc).toContain(row.meaning);
    const otherwise = isListParser(row.parse)
      ? 'an entry that is not valid is ignored'
      : `otherwise ${row.whenInvalid?.text ?? 'the default is used'}`;
    expect(doc).toContain(`Expected: ${row.expected}; ${otherwise}.`);
    expect(doc).toContain(`Variable: \`${row.variable}\`.`);
    expect(doc).toMatch(/@defaultValue/);
    expect(doc?.split('@defaultValue ')[1]).toBe(defaultValue);
  });
});

it('accepts each option in its documented type', () => {
  const options: Required<SetupOptions> extends ConfigOptions & { serviceVersion: string; ignore: Ignore }
    ? true
    : false = true;
  expect(options).toBe(true);
});
