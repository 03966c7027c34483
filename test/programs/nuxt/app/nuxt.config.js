// Nobody listens at port 1.
export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  future: { compatibilityVersion: 4 },
  telemetry: false,
  devtools: { enabled: false },
  experimental: { componentIslands: true },
  nitro: { preset: 'node-server' },
  ssr: process.env.NUXT_TEST_SSR !== 'false',
  app: { baseURL: process.env.NUXT_TEST_BASE ?? '/' },
  routeRules: {
    '/old/**': { redirect: '/users/**' },
    '/moved': { redirect: { to: '/users/1', statusCode: 301 } },
    '/proxied/**': { proxy: 'http://127.0.0.1:1/**' },
    '/swr/**': { swr: 60 },
    '/api/**': { cors: true },
    '/spa/**': { ssr: false },
  },
});
