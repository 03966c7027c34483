import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { readlinkSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { type AppPackage, mainScript, resolveLink } from '../config/app-package.ts';
import { serviceVersion } from '../config/service.ts';
import type { Config } from '../config/variables.ts';
import { statOf } from './socket-paths.ts';

/**
 * What a process runs. Processes of one service are merged where these are of one program and one release.
 * @property script   digest of the main script within the app's package, or of `APM_GROUP`
 * @property release  digest of the version and the folder of the app's package, or of `APM_GROUP`
 * @property version  of the service
 * @property parent   pid of the parent process
 * @property cluster  whether this is a worker of `node:cluster`, whose other workers may run other scripts
 * @property pids     the namespace in which the pids are unique
 */
export interface Program {
  readonly script: string;
  readonly release: string;
  readonly version: string | null;
  readonly pid: number;
  readonly parent: number;
  readonly cluster: boolean;
  readonly pids: string;
}

/** What differs between two programs that are not merged. */
export type Difference = 'script' | 'release';

/** The program of this process. */
export function readProgram(config: Config, app: AppPackage | undefined): Program {
  const version = serviceVersion(config, app)?.slice(0, MAX_TEXT_CHARS).replace(UNPRINTABLE, '?') ?? null;
  const { group, metricsOnApp } = config;
  // Workers of a cluster share the app's port: a scrape that reaches any of them must show all, also during a reload.
  const release = metricsOnApp === undefined ? [version, app?.folder] : [];
  return {
    script: digest(group === undefined ? describeScript(app) : [group]),
    release: digest(group === undefined ? release : [group]),
    version,
    pid: process.pid,
    parent: process.ppid,
    // All apps of one PM2 are workers of its own cluster.
    cluster: cluster.isWorker && process.env.pm_id === undefined,
    pids: pidNamespace(),
  };
}

/** undefined where two processes are merged: they run one script of one release, or one process has started the other. */
export function differenceBetween(one: Program, other: Program): Difference | undefined {
  if (one.script !== other.script) return areRelated(one, other) ? undefined : 'script';
  return one.release === other.release || isSameProcess(one, other) ? undefined : 'release';
}

/** Whether two scripts are of one program: a cluster, a fork or a thread may run another script than its parent. */
function areRelated(one: Program, other: Program): boolean {
  if (one.pids !== other.pids) return false;
  if (isSameProcess(one, other) || one.parent === other.pid || other.parent === one.pid) return true;
  return one.cluster && other.cluster && one.parent === other.parent;
}

/** @throws where it is none */
export function checkProgram(program: unknown): Program {
  const { script, release, version, pid, parent, cluster, pids } = program as Program;
  if (![script, release, pids, version ?? ''].every(isPlainText)) throw new Error('no program');
  if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(parent)) throw new Error('a pid is no number');
  return { script, release, version, pid, parent, cluster: cluster === true, pids };
}

/** It may be logged. */
export const isPlainText = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= MAX_TEXT_CHARS && text.search(UNPRINTABLE) === -1;

const MAX_TEXT_CHARS = 200;
const UNPRINTABLE = /[\p{Cc}\p{Surrogate}]/gu;

const isSameProcess = (one: Program, other: Program): boolean => one.pid === other.pid && one.pids === other.pids;

/** The main script, in terms that are equal in another folder or version of the same app. */
function describeScript(app: AppPackage | undefined): unknown[] {
  const script = mainScript();
  if (script === undefined) return [app?.name, process.cwd()];
  const file = resolveLink(script);
  const parts = file.split(sep);
  const lastModules = parts.lastIndexOf('node_modules');
  if (lastModules === -1) return app === undefined ? [file] : [app.name, relative(app.folder, file)];
  // The command of a package, such as `next start` or `ts-node server.ts`: the app is its folder, or the file that it runs.
  const given = process.argv.slice(2).map((argument) => resolve(argument));
  const run = given.find((path) => statOf(path, statSync)?.isFile());
  const folder = app?.folder ?? process.cwd();
  return [app?.name ?? folder, parts.slice(lastModules + 1), run && relative(folder, run)];
}

/** Containers with a shared network may have the same pids. Empty where the system has no namespaces. */
function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
