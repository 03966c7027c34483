import { expect, it } from 'vitest';
import { dependsOn } from '../../src/config/app-package.ts';

const app = (more: object) => ({ name: 'shop', folder: '/shop', ...more });

it('knows what an app depends on, also under another name', () => {
  const apps = [
    app({ dependencies: { '@trpc/server': '11.0.0' } }),
    app({ devDependencies: { '@trpc/server': '10.0.0' } }),
    app({ dependencies: { rpc: 'npm:@trpc/server@10.0.0' } }),
    app({ dependencies: { '@trpc/server-tools': '1.0.0', rpc: 'npm:@trpc/server-tools@1' } }),
    app({}),
    undefined,
  ];
  expect(apps.map((each) => dependsOn(each, '@trpc/server'))).toEqual([true, true, true, false, false, false]);
});
