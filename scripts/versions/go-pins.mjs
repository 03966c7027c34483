// The pins of programs that are built with Go. Without Go, newer versions cannot be found.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../stack/run.ts';
import { root } from '../../test/support/root.ts';

/** The files that contain each version. A release of the Collector has two version numbers. */
const MODULES = [
  {
    what: 'Prometheus',
    module: 'github.com/prometheus/prometheus',
    // The Go module of 3.16.0 has the version v0.316.0.
    release: (version) => version.replace(/^0\.3(\d\d)\./, (_, minor) => `3.${Number(minor)}.`),
    pin: /PROMETHEUS = '(.+)'/,
    files: [
      'stack/programs.ts',
      'test/stack/programs.test.ts',
      'compose.yaml',
      'deploy/kubernetes/scaling.md',
      'README.md',
      'README.ko.md',
    ],
  },
  {
    what: 'OpenTelemetry Collector',
    module: 'go.opentelemetry.io/collector/cmd/builder',
    pin: /COLLECTOR = '(.+)'/,
    files: [
      'stack/programs.ts',
      'test/stack/programs.test.ts',
      'test/deploy/support/bigger-collector.ts',
      'collector/builder-config.yaml',
      'compose.yaml',
      'deploy/kubernetes/collector/collector.yaml',
      'deploy/kubernetes/scaling.md',
      'README.md',
      'README.ko.md',
    ],
  },
  {
    what: 'OpenTelemetry Collector, stable modules',
    module: 'go.opentelemetry.io/collector/confmap/provider/envprovider',
    pin: /envprovider v(.+)/,
    files: ['collector/builder-config.yaml'],
  },
  {
    what: "Docker Compose's loader",
    module: 'github.com/compose-spec/compose-go/v2',
    pin: /VERSION = '(.+)'/,
    files: ['test/deploy/support/compose-loader.ts'],
  },
];

export async function goPins() {
  const rows = [];
  for (const { what, module, release = (version) => version, pin, files } of MODULES) {
    const [, current] = pin.exec(readFileSync(join(root, files[0]), 'utf8'));
    let newest = current;
    try {
      // In a folder outside of any Go module.
      const { stdout } = await run('go', ['list', '-m', '-f', '{{.Version}}', `${module}@latest`], { cwd: tmpdir() });
      newest = release(stdout.trim().replace('v', ''));
    } catch (error) {
      console.error(`${what}: no newer version found, because go list failed: ${error.message}`);
    }
    const write = () => {
      for (const file of files) replace(join(root, file), current, newest);
    };
    rows.push({ what, where: files[0], current, newest, write });
  }
  return rows;
}

/** Replaces a version, also as the version of the Go module (in a test) and without the patch number (in the README). */
function replace(path, current, newest) {
  const module = (version) => version.replace(/^3\./, '0\\.3').replaceAll(/\\?\./g, '\\.');
  const minor = (version) => version.split('.', 2).join('.');
  const text = readFileSync(path, 'utf8')
    .replaceAll(current, newest)
    .replaceAll(module(current), module(newest))
    .replaceAll(` ${minor(current)}`, ` ${minor(newest)}`);
  writeFileSync(path, text);
}
