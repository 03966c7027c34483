// Empties dist, because the build of a deleted source file would otherwise stay in the package, and marks it as CommonJS:
// package.json says `module`, for the sources and scripts.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(new URL('package.json', dist), `${JSON.stringify({ type: 'commonjs' })}\n`);
