// Removes dist, because the build of a deleted source file would otherwise stay in the package.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
