import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/** The part of the app's package.json that this package uses. */
export interface AppPackage {
  readonly name: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  /** The folder of the package.json. */
  readonly folder: string;
}

/** Whether the app depends on a package, also under another name. Of what is bundled, the dependency may be for development. */
export function dependsOn(app: AppPackage | undefined, name: string): boolean {
  const versions = { ...app?.dependencies, ...app?.devDependencies, ...app?.optionalDependencies };
  return Object.hasOwn(versions, name) || Object.values(versions).some((each) => `${each}`.startsWith(`npm:${name}@`));
}

/** The script that the process was started with. PM2 starts one of its own, which then loads the app's. */
export function mainScript(): string | undefined {
  const script = process.argv[1];
  const isPm2 = script !== undefined && /[\\/]pm2[\\/]lib[\\/]ProcessContainer(Fork)?\.js$/.test(script);
  return isPm2 ? (process.env.pm_exec_path ?? script) : script;
}

/**
 * Reads the nearest package.json that has a name. The search starts at the program's folder and goes up. It starts at the
 * working folder where the program is itself a dependency, such as the command line of a framework.
 */
export function readAppPackage(program = mainScript(), cwd = process.cwd()): AppPackage | undefined {
  const file = program === undefined ? undefined : resolveLink(program);
  const isAppFile = file !== undefined && !file.split(sep).includes('node_modules');
  return readNearestPackage(isAppFile ? dirname(file) : cwd);
}

/** Reads the package.json with a name that is in the folder, or in the nearest one above it. */
export function readNearestPackage(start: string): AppPackage | undefined {
  let folder = start;
  for (;;) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      // A package.json without a name only sets how the modules of its folder are loaded.
      if (typeof found?.name === 'string' && found.name !== '') {
        // Of a private app, it may be a number.
        const version = ['string', 'number'].includes(typeof found.version) ? String(found.version) : undefined;
        return { ...found, version, folder };
      }
    } catch {
      // There is none here, or it is not readable: continue one folder up.
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Package managers install command lines as links into node_modules. */
export function resolveLink(program: string): string {
  try {
    return realpathSync(program);
  } catch {
    return program;
  }
}

/**
 * Whether the app has an OpenTelemetry SDK or instrumentations of its own. Those then keep the global providers: a second
 * SDK would lock the app's own out.
 */
export function hasOwnSdk(app: AppPackage | undefined): boolean {
  return Object.keys(app?.dependencies ?? {}).some((name) => /^@opentelemetry\/(sdk|auto-inst|inst)/.test(name));
}

/** Whether another preload brings an OpenTelemetry SDK, as an operator injects it. It may run after this package's. */
export const isSdkInjected = (): boolean =>
  [process.env.NODE_OPTIONS ?? '', ...process.execArgv]
    .flatMap((flags) => flags.split(/[\s=]+/))
    // The folder of the app may be named after OpenTelemetry, and is part of the path of this package's own preload.
    .filter((flag) => !/[\\/]@org[\\/]apm[\\/]/.test(flag))
    .some((flag) => /opentelemetry|auto-?instrumentation/i.test(flag));

/** A `require` that resolves modules like the app's own code. */
export function createAppRequire(app: AppPackage | undefined): NodeJS.Require {
  return createRequire(join(app?.folder ?? process.cwd(), 'package.json'));
}
