import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const { version } = JSON.parse(readFileSync(new URL('../node_modules/next/package.json', import.meta.url), 'utf8'));
const root = { outputFileTracingRoot: dirname(import.meta.dirname) };

export default {
  ...(version.startsWith('14.') ? { experimental: root } : root),
  basePath: '/shop',
  trailingSlash: true,
  assetPrefix: '/cdn',
  i18n: { locales: ['en', 'fr'], defaultLocale: 'en' },
  generateBuildId: () => 'a-build',
  redirects: async () => [
    { source: '/old/:id', destination: '/items/:id', permanent: false },
    { source: '/bare/:id([0-9]{1,3})', destination: '/items/:id', permanent: true, basePath: false },
    { source: '/gone/:rest*', destination: '/', statusCode: 301 },
    {
      source: '/conditional',
      has: [{ type: 'header', key: 'x-condition' }],
      destination: '/items/1',
      permanent: false,
    },
  ],
  rewrites: async () => ({
    beforeFiles: [{ source: '/rewritten/:id', destination: '/items/:id' }],
    // Nobody listens there.
    afterFiles: [{ source: '/elsewhere/:id', destination: 'http://127.0.0.1:1/:id' }],
    fallback: [{ source: '/away/:path*', destination: 'http://127.0.0.1:1/:path*', basePath: false }],
  }),
};
