import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('node_modules/next/package.json', import.meta.url), 'utf8'));
/** Else Next takes the topmost folder with a lock file for that of the app. */
const root = { outputFileTracingRoot: import.meta.dirname };

export default {
  output: 'standalone',
  distDir: process.env.OUTPUT ?? '.next',
  // As docs/handler.md says.
  ...(version.startsWith('14.')
    ? { experimental: { ...root, serverComponentsExternalPackages: ['@org/apm'] } }
    : { ...root, serverExternalPackages: ['@org/apm'] }),
  generateBuildId: () => 'a-build',
  redirects: async () => [{ source: '/old/:id', destination: '/items/:id', permanent: false }],
  rewrites: async () => [
    { source: '/rewritten/:id', destination: '/items/:id' },
    // Nobody listens there.
    { source: '/elsewhere/:path*', destination: 'http://127.0.0.1:1/:path*' },
  ],
};
