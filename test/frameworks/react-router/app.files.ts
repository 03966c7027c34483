import type { Files } from '../built-app.ts';

/** An app in framework mode. `BASENAME` builds it for a path of its own, into the folder `mounted`. */
export const files: Files = {
  'vite.config.js': `import { reactRouter } from '@react-router/dev/vite';
export default { base: \`\${process.env.BASENAME ?? ''}/\`, plugins: [reactRouter()] };
`,
  'react-router.config.js': `const { BASENAME } = process.env;
export default BASENAME ? { basename: BASENAME, buildDirectory: 'mounted' } : {};
`,
  'app/routes.js': `import { index, layout, prefix, route } from '@react-router/dev/routes';
export default [
  index('home.jsx'),
  route('users/:id', 'user.jsx', [index('user-home.jsx'), route('settings', 'settings.jsx')]),
  route('users/me', 'me.jsx'),
  layout('shop.jsx', [route('cart', 'cart.jsx')]),
  route(':lang?/about', 'about.jsx'),
  ...prefix('api', [route('orders/:id', 'orders.jsx')]),
  route('files/*', 'files.jsx'),
];
`,
  'app/root.jsx': `import { Outlet, Scripts } from 'react-router';
export default () => <html lang="en"><body><Outlet /><Scripts /></body></html>;
export const ErrorBoundary = () => <p>error</p>;
`,
  'app/home.jsx': 'export default () => <h1>home</h1>;\n',
  'app/user.jsx': `import { data, Outlet, redirect } from 'react-router';
export function loader({ params: { id } }) {
  if (id === 'gone') throw data('gone', { status: 404 });
  if (id === 'moved') return redirect('/');
  if (id === 'broken') throw new Error('broken');
  return { id };
}
export const action = () => ({ done: true });
export default () => <Outlet />;
`,
  'app/user-home.jsx': 'export const action = () => ({ done: true });\nexport default () => <h1>user</h1>;\n',
  'app/settings.jsx': 'export default () => <h1>settings</h1>;\n',
  'app/me.jsx': 'export default () => <h1>me</h1>;\n',
  'app/shop.jsx': "import { Outlet } from 'react-router';\nexport default () => <Outlet />;\n",
  'app/cart.jsx': 'export default () => <h1>cart</h1>;\n',
  'app/about.jsx': 'export default () => <h1>about</h1>;\n',
  'app/orders.jsx': `export const loader = () => new Response('order');
export const action = () => new Response('made', { status: 201 });
`,
  'app/files.jsx': "export const loader = ({ params }) => new Response(params['*']);\n",
  'public/robots.txt': 'robots\n',

  // The path of the build is a text, and the build is imported late, as in React Router's template.
  'custom.js': `import express from 'express';
import { createRequestHandler } from '@react-router/express';
const BUILD = './build/server/index.js';
const app = express();
app.use((request, response, next) => (request.query.token === 'wrong' ? response.sendStatus(401) : next()));
app.get('/own/:id', (request, response) => response.send('own'));
app.use(express.static('build/client'));
app.use(createRequestHandler({ build: () => import(BUILD), getLoadContext: async () => undefined }));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
  'mounted.js': `import express from 'express';
import { createRequestHandler } from '@react-router/express';
import * as build from './mounted/server/index.js';
const app = express();
app.get('/health', (request, response) => response.send('well'));
app.use('/admin', express.static('mounted/client', { redirect: false }), createRequestHandler({ build }));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
  'bundled.js': `import express from 'express';
import { createRequestHandler } from '@react-router/express';
import * as build from './build/server/index.js';
const app = express();
app.use(express.static('build/client'));
app.use(createRequestHandler({ build }));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
};
