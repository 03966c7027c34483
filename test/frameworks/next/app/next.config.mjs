export default {
  output: 'standalone',
  distDir: process.env.OUTPUT ?? '.next',
  outputFileTracingRoot: import.meta.dirname,
  generateBuildId: () => 'a-build',
  redirects: async () => [{ source: '/old/:id', destination: '/items/:id', permanent: false }],
  rewrites: async () => [
    { source: '/rewritten/:id', destination: '/items/:id' },
    // Nobody listens there.
    { source: '/elsewhere/:path*', destination: 'http://127.0.0.1:1/:path*' },
  ],
};
