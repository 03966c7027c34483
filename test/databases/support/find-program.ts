import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian installs each version of PostgreSQL, which is not on PATH, and programs that only an administrator starts. */
const POSTGRES_FOLDER = '/usr/lib/postgresql';
const ADMINISTRATOR_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/**
 * Finds a program of a database server.
 * @param package the package of Debian that has it
 * @throws an Error that says how to install it
 */
export function findProgram(name: string, debianPackage: string): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...postgresFolders(), ...onPath, ...ADMINISTRATOR_FOLDERS]) {
    const path = join(folder, name);
    if (isExecutable(path)) return path;
  }
  throw new Error(`${name} is not installed; install it with: apt-get install ${debianPackage}`);
}

/** The newest version first. */
function postgresFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRES_FOLDER).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(POSTGRES_FOLDER, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
