import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { root } from '../support/root.ts';

const readYaml = async (file: string) => parse(await readFile(join(root, 'grafana/provisioning', file), 'utf8'));

describe('Grafana is provisioned', () => {
  it('with one Prometheus, and the interval of scrapes and pushes', async () => {
    const { apiVersion, datasources } = await readYaml('datasources/prometheus.yaml');
    expect(apiVersion).toBe(1);
    expect(datasources).toEqual([
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        access: 'proxy',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own
        url: '${PROMETHEUS_URL}',
        isDefault: true,
        jsonData: { timeInterval: '15s', httpMethod: 'POST' },
      },
    ]);
    expect(VARIABLES.exportInterval.fallback).toBe(15_000);
  });

  it('with the committed dashboards, which are mounted below /etc/grafana', async () => {
    const { apiVersion, providers } = await readYaml('dashboards/apm.yaml');
    expect(apiVersion).toBe(1);
    expect(
      providers.map(({ name, type, allowUiUpdates }: Record<string, unknown>) => [name, type, allowUiUpdates]),
    ).toEqual([['apm', 'file', false]]);
    const [, here] = /^\/etc\/(.*)$/.exec(providers[0].options.path) as string[];
    expect((await readdir(join(root, here as string))).sort()).toEqual(
      Object.keys(DASHBOARDS)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });
});
