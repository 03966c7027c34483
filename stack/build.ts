/** Builds every program that the tests need and that is not on PATH, and prints their paths. Exits with 1 if one is missing. */
import { findProgram, type ProgramName } from './programs.ts';

const NAMES: ProgramName[] = ['system-prometheus', 'system-promtool', 'prometheus', 'promtool', 'collector'];

for (const name of NAMES) {
  const found = await findProgram(name);
  if ('path' in found) console.log(`${name} ${found.version}: ${found.path}`);
  else {
    console.error(`${name}: ${found.missing}`);
    process.exitCode = 1;
  }
}
