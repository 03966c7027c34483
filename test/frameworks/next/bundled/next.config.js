import { dirname } from 'node:path';

const root = dirname(import.meta.dirname);

export default { output: 'standalone', outputFileTracingRoot: root, turbopack: { root } };
