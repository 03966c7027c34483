import { describe, expect, it } from 'vitest';
import { PathShapes } from '../../../src/route/shape/path-shapes.ts';
import { BUNDLERS, generatePaths } from './generated-names.ts';
import { measureMisjudged, measureRecognised } from './recognised.ts';

const shapeOf = (path: string) => new PathShapes().templateFor(path, true);

describe('a file that is named after its content has one shape for its folder and type', () => {
  it.each([
    ['/_nuxt/BhLaiBKF.js', '/_nuxt/*.js'],
    ['/_nuxt/entry.D3x_fZ-a.css', '/_nuxt/*.css'],
    ['/_nuxt/builds/meta/0d5a3c1e-9a43-4c67-8f0b-2f6f0f6f0a11.json', '/_nuxt/builds/meta/*.json'],
    ['/assets/index-DeLBJUAf.js', '/assets/*.js'],
    ['/assets/index-DeLBJUAf.js.map', '/assets/*.js.map'],
    ['/assets/index--QdMvsKi.css', '/assets/*.css'],
    ['/assets/manual-DeLBJUAf.pdf', '/assets/*.pdf'],
    ['/shop/assets/index-DeLBJUAf.js?v=1', '/shop/assets/*.js'],
    ['/assets/guide_install.md.CBlMZ4Xz.lean.js', '/assets/*.js'],
    ['/_app/immutable/nodes/0.B2iPLyUM.js', '/_app/immutable/nodes/*.js'],
    ['/_astro/photo.DhG6a1b2_Z1AbCdE.webp', '/_astro/*.webp'],
    ['/build/q-DoLXh_Fg.js', '/build/*.js'],
    ['/chunk-ABCDEFGH.js', '/*.js'],
    ['/main-5RRYXZLE.js', '/*.js'],
    ['/media/inter-ZHVMHTXK.woff2', '/media/*.woff2'],
    ['/static/js/787.28cb0dcd.chunk.js', '/static/js/*.js'],
    ['/static/media/logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg', '/static/media/*.svg'],
    ['/runtime.1a2b3c4d5e6f7a8b.js', '/*.js'],
    ['/lazy.53712f88.js', '/*.js'],
    ['/_next/static/chunks/app/page-6002e4055b238ef3.js', '/_next/static/chunks/app/*.js'],
    ['/_next/static/media/e4af272ccee01ff0-s.p.woff2', '/_next/static/media/*.woff2'],
    ['/_next/static/chunks/turbopack-2u1d16houkiyo.js', '/_next/static/chunks/*.js'],
    ['/_next/static/chunks/0cz1d0mv5g_q7.js', '/_next/static/chunks/*.js'],
    ['/_next/static/rTNILfaQtMzZjolHkTsux/_buildManifest.js', '/_next/static/:id/*.js'],
    ['/_next/static/release-candidate/_ssgManifest.js', '/_next/static/:id/*.js'],
    ['/docs/_next/data/a-build/items/1.json', '/docs/_next/data/:id/items/:id'],
    ['/build/3f9c2d1b7a/main.js', '/build/:id/main.js'],
    ['/uploads/f47ac10b-58cc-4372-a567-0e02b2c3d479.png', '/uploads/*.png'],
    ['/avatars/42.png', '/avatars/*.png'],
    ['/photos/photo-12345.jpg', '/photos/*.jpg'],
  ])('%s is %s', (path, shape) => {
    expect(shapeOf(path)).toBe(shape);
  });

  it('so that deploys add no labels', () => {
    const shapes = new PathShapes();
    const labels = new Set<string | undefined>();
    for (const path of generatePaths(BUNDLERS['Angular, esbuild'] as never, 2000))
      labels.add(shapes.templateFor(path, true));
    expect([...labels].sort()).toEqual([
      '/*.css',
      '/*.css.map',
      '/*.js',
      '/*.js.map',
      '/*.png',
      '/*.svg',
      '/*.wasm',
      '/*.woff2',
    ]);
  });
});

describe('other files keep their names', () => {
  const names = [
    'jquery.min.js bootstrap-icons.woff2 logo-dark.svg app.js favicon-32x32.png index-template.html DATATABLES.js',
    'report-JANUARY.pdf user-settings.js main-Settings.js wallpaper-1024x768.jpg roboto-v20-latin-400.woff2 logo@2x.png',
    'jquery-3.7.1.slim.min.js bootstrap.bundle.min.js.map DataView.js es2015.js sha256.js base64js.min.js tls1-3.js',
    'apple-touch-icon-180x180.png person-walking-dashed-line-arrow-right.svg grid-3x2-gap-fill.svg banner-400.webp',
    'manifest.webmanifest robots.txt sitemap.xml service-worker.js sw.js chunk-vendors.js chunk-settings.js a.b.c.js',
  ].join(' ');
  it.each(names.split(' '))('%s', (name) => {
    expect(shapeOf(`/${name}`)).toBe(`/${name}`);
    expect(shapeOf(`/assets/${name}`)).toBe(`/assets/${name}`);
  });

  it.each([
    '/users/DeLBJUAf',
    '/users/index-DeLBJUAf',
    '/@vite/client',
    '/@fs/app/src/main.ts',
    '/@ann/posts',
    '/+page.svelte',
  ])('%s is no file of a bundler', (path) => {
    expect(shapeOf(path)).toBe(path);
  });

  it.each([
    ['/users/42.json', '/users/:id'],
    ['/files/caf%C3%A9.png', '/files/*.png'],
    ['/users/ann@example.org', '/users/:id'],
  ])('%s is %s', (path, shape) => {
    expect(shapeOf(path)).toBe(shape);
  });
});

describe('measured', () => {
  it.each(measureRecognised(5000))('$percent % of 5,000 names are recognised: $title', ({ percent, missed }) => {
    expect(percent, missed.slice(0, 10).join(' ')).toBeGreaterThanOrEqual(99.5);
  });

  it.each(['', '/assets'])(
    'fewer than 0.5 % of ordinary names are taken for hashed ones, in the folder "%s"',
    (folder) => {
      const { names, misjudged } = measureMisjudged(folder);
      expect(names).toBeGreaterThan(3000);
      expect((100 * misjudged.length) / names, misjudged.join(' ')).toBeLessThan(0.5);
    },
  );
});
