import type { Files } from '../../frameworks/built-app.ts';

const page = (title: string, code = '') => `---
${code}
---
<html lang="en"><body><h1>${title}</h1></body></html>
`;

/** `MODE=middleware` builds the app for a server of its owner, into the folder `middleware`. */
export const files: Files = {
  'astro.config.mjs': `import node from '@astrojs/node';
import { defineConfig } from 'astro/config';
const mode = process.env.MODE ?? 'standalone';
export default defineConfig({
  output: 'server',
  adapter: node({ mode }),
  outDir: mode === 'middleware' ? './middleware' : './dist',
  redirects: { '/old/[id]': '/users/[id]' },
});
`,
  'src/middleware.js': `export const onRequest = ({ url }, next) =>
  url.search === '?token=wrong' ? new Response('wrong', { status: 401 }) : next();
`,
  'src/pages/index.astro': page('home'),
  'src/pages/users/[id].astro': page(
    'user',
    `const { id } = Astro.params;
if (id === 'gone') return new Response(null, { status: 404 });
if (id === 'moved') return Astro.redirect('/');
if (id === 'broken') throw new Error('broken');`,
  ),
  'src/pages/users/me.astro': page('me'),
  'src/pages/docs/[...page].astro': page('docs'),
  'src/pages/[lang]/about.astro': page('about'),
  'src/pages/rendered.astro': page('rendered', 'export const prerender = true;'),
  'src/pages/api/orders/[id].js': `export const GET = ({ params }) => new Response(params.id);
export const POST = () => new Response('made', { status: 201 });
`,
  'public/robots.txt': 'robots\n',

  'behind-express.js': `import express from 'express';
import { handler } from './middleware/server/entry.mjs';
const app = express();
app.get('/own/:id', (request, response) => response.send('own'));
app.use(express.static('middleware/client'));
app.use(handler);
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
};
