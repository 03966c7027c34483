import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isSupportedNode } from '../../src/base/supported-node.ts';
import { OWN_PACKAGE } from '../../src/config/own-package.ts';
import { root } from '../support/root.ts';

const { name, version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

it('measures on the versions of Node that package.json allows', () => {
  expect(engines.node).toBe('^20.19.0 || >=22.12.0');
  const versions = {
    unsupported: ['14.21.3', '18.20.8', '20.0.0', '20.18.3', '21.7.3', '22.0.0', '22.11.0'],
    supported: ['20.19.0', '20.20.2', '22.12.0', '23.0.0', '24.0.0', '26.12.1', '100.0.0', '27.0.0-nightly20270101'],
  };
  expect(versions.unsupported.filter((each) => isSupportedNode(each))).toEqual([]);
  expect(versions.supported.filter((each) => !isSupportedNode(each))).toEqual([]);
});

it('has the name and version of package.json in the code', () => {
  expect(OWN_PACKAGE).toEqual({ name, version });
});
