import { describe, expect, it } from 'vitest';
import { PathShapes } from '../../../src/route/shape/path-shapes.ts';

describe('a path without a route', () => {
  const template = (url: string) => new PathShapes().templateFor(url, true);

  it.each([
    ['/', '/'],
    ['', '/'],
    ['/?a=1', '/'],
    ['/users', '/users'],
    ['/users/', '/users'],
    ['//users//42', '/users/:id'],
    ['/users/42?token=secret', '/users/:id'],
    ['/users/42/orders/7', '/users/:id/orders/:id'],
    ['http://shop.example/users/42?a', '/users/:id'],
    ['http://shop.example', '/'],
    ['http://shop.example?a', '/'],
    ['/a/b/c/d/e/f/g/h/i/j/k/l', '/a/b/c/d/e/f/g/h/i/j/*'],
    ['*', undefined],
    ['nonsense', undefined],
  ])('%s is %s', (url, expected) => {
    expect(template(url)).toBe(expected);
  });

  it('is known only by a response that shows that it exists, and keeps its template when it fails later', () => {
    const templates = new PathShapes();
    expect(templates.templateFor('/admin/login', false)).toBeUndefined();
    expect(templates.templateFor('/admin/login', true)).toBe('/admin/login');
    expect(templates.templateFor('/admin/login', false)).toBe('/admin/login');
    // The beginning of a known path is not a known path.
    expect(templates.templateFor('/admin', false)).toBeUndefined();
  });

  it('shares one * with its siblings after the first 50, which keep their names', () => {
    const templates = new PathShapes();
    const names = Array.from(
      { length: 60 },
      (_, i) => `${String.fromCharCode(97 + (i % 26))}${'z'.repeat(1 + i / 26)}`,
    );
    const found = names.map((name) => templates.templateFor(`/blog/${name}/comments`, true));
    expect(found).toEqual([
      ...names.slice(0, 50).map((name) => `/blog/${name}/comments`),
      ...Array(10).fill('/blog/*/comments'),
    ]);
    expect(templates.templateFor(`/blog/${names[0]}/comments`, true)).toBe(`/blog/${names[0]}/comments`);
  });

  it('says which paths have so many guessed children that further ones share one *', () => {
    const templates = new PathShapes();
    const words = Array.from({ length: 51 }, (_, i) => 'word'.repeat(1 + (i % 9)) + 'abcdef'[Math.floor(i / 9)]);
    for (const word of words.slice(0, 50)) templates.templateFor(`/blog/${word}`, true);
    templates.templateFor(`/blog/${words[50]}`, false);
    expect(templates.crowded()).toEqual([]);
    for (const word of words) templates.templateFor(`/blog/${word}`, true);
    expect(templates.crowded()).toEqual(['/blog']);
    for (const word of words) templates.templateFor(`/${word}`, true);
    expect(templates.crowded()).toEqual(['/', '/blog']);
  });
});
