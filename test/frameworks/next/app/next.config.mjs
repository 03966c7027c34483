export default {
  output: 'standalone',
  rewrites: async () => [
    { source: '/rewritten/:id', destination: '/items/:id' },
    { source: '/elsewhere/:path*', destination: `${process.env.ELSEWHERE ?? 'http://127.0.0.1:9'}/:path*` },
  ],
  redirects: async () => [{ source: '/old/:id', destination: '/items/:id', permanent: false }],
  images: { unoptimized: false },
};
