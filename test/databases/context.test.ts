import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../stack/run.ts';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { shared } from '../support/shared.ts';
import { databaseServer } from './support/servers.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));

describe.concurrent('each of 200 interleaved requests gets its own calls, over connections that all share', () => {
  it.for(NODE_VERSIONS)('on Node %s', async (version, test) => {
    const names = ['ferretdb', 'mariadb', 'postgres', 'redis'] as const;
    const servers = Object.fromEntries(names.map((name) => [name, databaseServer(name, test)]));
    const args = [join(root, 'test/databases/apps/context.mjs'), packages(), JSON.stringify(servers)];
    const { stdout } = await run(node(version), args, { cwd: root });
    expect(JSON.parse(stdout)).toEqual({ requests: 200, wrong: [] });
  });
});
