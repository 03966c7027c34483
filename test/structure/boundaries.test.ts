import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';
import { forbiddenImports, importCircles, type Rooms, readSources } from './imports.ts';

/** Exported names, and the shapes of /status and /snapshot: every room may import these files, which import only `base`. */
const SHARED = ['semconv.ts', 'snapshot.ts', 'status.ts'];

/** Histograms are apart from the rest of `base`, because the page in a browser uses them, too. */
const BASE = ['base', 'base/histogram'];

/** The model, and the forms in which processes exchange it. */
const MODEL = [
  'metrics',
  'metrics/increments.ts',
  'metrics/aggregate.ts',
  'metrics/process-metrics.ts',
  'metrics/otel',
];

/**
 * What each room may import from, besides itself. Data flows one way: a room imports only from stages before it, and
 * only the entry files know all of them.
 */
const ROOMS: Rooms = {
  base: ['base/histogram'],
  'semconv.ts': [],
  'snapshot.ts': BASE,
  'status.ts': BASE,
  config: [...BASE, ...SHARED],
  requests: [...BASE, ...SHARED],
  calls: [...BASE, ...SHARED],
  // Whose call it was.
  context: [...BASE, 'calls', 'requests'],
  route: [...BASE, 'requests', ...SHARED],
  metrics: [...BASE, ...SHARED],
  // The app's own instruments have OpenTelemetry's shape. These files pass them on; only `otel` reads them.
  'metrics/increments.ts': ['metrics', 'metrics/otel'],
  'metrics/aggregate.ts': ['metrics', 'metrics/increments.ts', 'metrics/otel', ...SHARED],
  'metrics/process-metrics.ts': ['base', 'metrics', 'metrics/increments.ts', 'metrics/aggregate.ts', 'metrics/otel'],
  'metrics/otel': [...BASE, 'config', 'metrics', ...SHARED],
  processes: [...BASE, 'config', ...MODEL, ...SHARED],
  expose: [...BASE, 'config', 'requests', ...MODEL, 'processes', ...SHARED],
  'page/protocol.ts': [],
  'page/server': [
    ...BASE,
    'config',
    'metrics',
    'metrics/increments.ts',
    'processes',
    'expose',
    'page/protocol.ts',
    ...SHARED,
  ],
  // They run in a browser, too.
  'base/histogram': ['base/get-or-add.ts'],
  statistics: ['base/histogram'],
  'page/browser': ['base/histogram', 'statistics', 'page/protocol.ts', 'semconv.ts'],
  cli: [...BASE, 'config', 'statistics', ...SHARED],
  // Entry files wire the stages.
  'register.ts': ['*'],
  'preload.ts': ['*'],
  'index.ts': ['*'],
  'setup.ts': ['*'],
  'disabled.ts': ['*'],
  'runtime.ts': ['*'],
  'apm.ts': ['*'],
  'app-scrapes.ts': ['*'],
  'packages.ts': ['*'],
  'measure.ts': ['*'],
  'call-pipeline.ts': [...BASE, 'calls', 'context', 'metrics', ...SHARED],
  'pipeline.ts': [...BASE, 'config', 'requests', 'context', 'route', 'metrics', 'unlinked-scrapes.ts', ...SHARED],
  'unlinked-scrapes.ts': [...BASE, 'requests', 'metrics'],
  'lifecycle.ts': ['*'],
  'outputs.ts': ['*'],
};

const sources = readSources(join(root, 'src'));

it('lets each room import only from the stages before it', () => {
  expect(forbiddenImports(sources, ROOMS)).toEqual([]);
});

it('has no circle of imports', () => {
  expect(importCircles(sources)).toEqual([]);
});

it.each([
  ['config/load.ts', '../route/resolver.ts', 'config/load.ts -> route/resolver.ts'],
  ['route/frameworks/hapi.ts', '../../metrics/otel/views.ts', 'route/frameworks/hapi.ts -> metrics/otel/views.ts'],
  ['metrics/model.ts', './otel/views.ts', 'metrics/model.ts -> metrics/otel/views.ts'],
  ['page/browser/chart.ts', '../server/live.ts', 'page/browser/chart.ts -> page/server/live.ts'],
  ['cli/rules/names.ts', '../../expose/status.ts', 'cli/rules/names.ts -> expose/status.ts'],
  ['newroom/first.ts', '../semconv.ts', 'newroom/first.ts -> semconv.ts'],
])('refuses a forbidden import in %s', (file, specifier, line) => {
  const target = line.split(' -> ')[1] as string;
  const probe = { [file]: `import type { Any } from '${specifier}';`, [target]: '' };
  expect(forbiddenImports(probe, ROOMS)).toEqual([line]);
});

it('finds an import in every syntax', () => {
  const syntaxes = [
    "const load = lazy(() => require('../expose/status.js'));",
    "let module: typeof import('../expose/status.ts');",
    "await import('../expose/status.ts')",
    "export * from '../expose/status.ts';",
  ];
  for (const text of syntaxes) {
    expect(forbiddenImports({ 'config/load.ts': text, 'expose/status.ts': '' }, ROOMS)).toEqual([
      'config/load.ts -> expose/status.ts',
    ]);
  }
});

it('requires modules by literal names only, which bundlers find', () => {
  const computed = Object.entries(sources).filter(([, text]) => /\brequire\((?!')/.test(text));
  expect(computed.map(([file]) => file)).toEqual([]);
});

it("takes the timers of an app's process from base/timers.ts, which fake timers do not replace", () => {
  const direct = Object.entries(sources).filter(([, text]) => text.includes("'node:timers"));
  expect(direct.map(([file]) => file).filter((file) => !file.startsWith('cli/'))).toEqual(['base/timers.ts']);
});

it('finds a circle of imports', () => {
  const text = (name: string) => `import { a } from './${name}.ts';`;
  expect(importCircles({ 'a.ts': text('b'), 'b.ts': text('c'), 'c.ts': text('a') })).toEqual([
    'a.ts -> b.ts -> c.ts -> a.ts',
  ]);
});
