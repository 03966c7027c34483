import type { Files } from '../built-app.ts';

/** `BASE` builds the app for a path of its own, into the folder `based`. */
const BASE = "base: process.env.BASE ?? ''";
const ADAPTER = "adapter({ out: process.env.BASE ? 'based' : 'build' })";

const configs: Readonly<Record<'2' | '3', Files>> = {
  '2': {
    'svelte.config.js': `import adapter from '@sveltejs/adapter-node';
export default { kit: { adapter: ${ADAPTER}, paths: { ${BASE} } } };
`,
    'vite.config.js': `import { sveltekit } from '@sveltejs/kit/vite';
export default { plugins: [sveltekit()] };
`,
    'src/params/integer.js': 'export const match = (value) => /^[0-9]+$/.test(value);\n',
  },
  '3': {
    'vite.config.js': `import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
export default { plugins: [sveltekit({ adapter: ${ADAPTER}, paths: { ${BASE}, origin: 'http://app.test' } })] };
`,
    'src/params.js': `import { defineParams } from '@sveltejs/kit/params';
export const params = defineParams({ integer: (value) => (/^[0-9]+$/.test(value) ? Number(value) : undefined) });
`,
  },
};

const endpoint = (body: string) => `export const GET = ({ params }) => new Response(${body});\n`;

export const filesFor = (version: '2' | '3'): Files => ({
  ...configs[version],
  'src/app.html': '<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
  'src/hooks.server.js': `export const handle = ({ event, resolve }) =>
  event.request.headers.has('x-denied') ? new Response('denied', { status: 401 }) : resolve(event);
`,
  'src/routes/+page.svelte': '<h1>home</h1>\n',
  'src/routes/+page.server.js': 'export const load = () => ({});\n',
  'src/routes/users/[id]/+page.svelte': '<h1>user</h1>\n',
  'src/routes/users/[id]/+page.server.js': `import { error, redirect } from '@sveltejs/kit';
export function load({ params: { id } }) {
  if (id === 'gone') error(404);
  if (id === 'moved') redirect(302, '/');
  if (id === 'broken') throw new Error('broken');
  return { id };
}
export const actions = { default: () => ({ done: true }) };
`,
  'src/routes/users/me/+page.svelte': '<h1>me</h1>\n',
  'src/routes/(shop)/cart/+page.svelte': '<h1>cart</h1>\n',
  'src/routes/[[lang]]/about/+page.svelte': '<h1>about</h1>\n',
  'src/routes/posts/[slug]/+page.svelte': '<h1>post</h1>\n',
  'src/routes/posts/[slug]/+page.js': `export const prerender = true;
export const entries = () => [{ slug: 'first' }, { slug: '42' }];
`,
  'src/routes/files/[...rest]/+server.js': endpoint('params.rest'),
  'src/routes/x-[a]-[b]/+server.js': endpoint('params.b'),
  'src/routes/[x+2e]well-known/app/+server.js': endpoint("'app'"),
  'src/routes/years/[year=integer]/+server.js': endpoint("'year'"),
  'src/routes/items/[id=integer]/+server.js': endpoint("'number'"),
  'src/routes/items/[slug]/+server.js': endpoint("'slug'"),
  'src/routes/api/orders/[id]/+server.js': endpoint('params.id'),
  'static/robots.txt': 'robots\n',

  'custom.js': `import express from 'express';
import { handler } from './build/handler.js';
const app = express();
app.use((request, response, next) => (request.query.token === 'wrong' ? response.sendStatus(401) : next()));
app.get('/own/:id', (request, response) => response.send('own'));
app.use(handler);
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
  'server/plain.js': `import { createServer } from 'node:http';
const { handler } = await import('../build/handler.js');
const server = createServer((request, response) => handler(request, response, () => response.writeHead(404).end()));
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
});
