import type { Files } from '../../frameworks/built-app.ts';

export const files: Files = {
  'vite.config.js': `import { vitePlugin as remix } from '@remix-run/dev';
export default { plugins: [remix()] };
`,
  'app/root.jsx': `import { Outlet, Scripts } from '@remix-run/react';
export default () => <html lang="en"><body><Outlet /><Scripts /></body></html>;
export const ErrorBoundary = () => <p>error</p>;
`,
  'app/routes/_index.jsx': 'export default () => <h1>home</h1>;\n',
  'app/routes/users.$id.jsx': `import { json, redirect } from '@remix-run/node';
import { Outlet } from '@remix-run/react';
export function loader({ params: { id } }) {
  if (id === 'gone') throw json('gone', { status: 404 });
  if (id === 'moved') return redirect('/');
  if (id === 'broken') throw new Error('broken');
  return { id };
}
export default () => <Outlet />;
`,
  'app/routes/users.$id._index.jsx': `export const action = () => ({ done: true });
export default () => <h1>user</h1>;
`,
  'app/routes/users.$id.settings.jsx': 'export default () => <h1>settings</h1>;\n',
  'app/routes/_shop.jsx': "import { Outlet } from '@remix-run/react';\nexport default () => <Outlet />;\n",
  'app/routes/_shop.cart.jsx': 'export default () => <h1>cart</h1>;\n',
  'app/routes/($lang).about.jsx': 'export default () => <h1>about</h1>;\n',
  'app/routes/api.orders.$id.jsx': `export const loader = () => new Response('order');
export const action = () => new Response('made', { status: 201 });
`,
  'app/routes/files.$.jsx': "export const loader = ({ params }) => new Response(params['*']);\n",
  'public/robots.txt': 'robots\n',

  'custom.js': `import express from 'express';
import { createRequestHandler } from '@remix-run/express';
import * as build from './build/server/index.js';
const app = express();
app.use(express.static('build/client'));
app.all('*', createRequestHandler({ build }));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`,
};
