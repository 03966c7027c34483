// Not imported: see register.ts.
const { readFileSync, realpathSync } = process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { dirname, join, sep } = process.getBuiltinModule('node:path');

/** The app's own package.json, as far as it concerns us. */
export interface AppPackage {
  readonly name: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Where it lies. */
  readonly folder: string;
}

/**
 * The nearest package.json with a name, from the program's folder upwards; from the working folder where the program is
 * itself a dependency, such as a framework's command line.
 */
export function appPackage(program = process.argv[1], cwd = process.cwd()): AppPackage | undefined {
  const file = program === undefined ? undefined : real(program);
  const own = file !== undefined && !file.split(sep).includes('node_modules');
  let folder = own ? dirname(file) : cwd;
  for (;;) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      // A package.json without a name only says how the folder's modules are read.
      if (typeof found?.name === 'string' && found.name !== '') return { ...found, folder };
    } catch {
      // Not here, or not readable: look further up.
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Command lines are installed as links into node_modules. */
function real(program: string): string {
  try {
    return realpathSync(program);
  } catch {
    return program;
  }
}

/**
 * Whether the app brings an OpenTelemetry SDK or instrumentations of its own. What it registers and patches is then its
 * business: a second SDK would shut its own out, and a second instrumentation would send its trace headers twice.
 */
export function hasOwnSdk(app: AppPackage | undefined): boolean {
  return Object.keys(app?.dependencies ?? {}).some((name) => /^@opentelemetry\/(sdk|auto-inst|inst)/.test(name));
}

/** Resolves modules as the app's own code would. */
export function appRequire(app: AppPackage | undefined): NodeJS.Require {
  return createRequire(join(app?.folder ?? process.cwd(), 'package.json'));
}
