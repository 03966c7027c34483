/** The files of a Strapi app with one type of content, which everybody may read and create. */
export const APP_FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'shop',
    version: '1.0.0',
    dependencies: { '@strapi/strapi': '*', '@strapi/plugin-users-permissions': '*' },
  }),
  'config/server.js': "module.exports = { host: '127.0.0.1', port: 0, app: { keys: ['a', 'b'] } };",
  'config/database.js': `module.exports = {
    connection: { client: 'sqlite', connection: { filename: '.tmp/data.db' }, useNullAsDefault: true },
  };`,
  'config/admin.js': `module.exports = {
    auth: { secret: 'x' },
    apiToken: { salt: 'x' },
    transfer: { token: { salt: 'x' } },
    secrets: { encryptionKey: '${'0'.repeat(32)}' },
    serveAdminPanel: false,
  };`,
  'config/plugins.js': "module.exports = { 'users-permissions': { config: { jwtSecret: 'x' } } };",
  'config/middlewares.js': `module.exports = [
    'strapi::errors',
    'global::gate',
    'strapi::security',
    'strapi::cors',
    'strapi::query',
    'strapi::body',
    'strapi::session',
    'strapi::favicon',
    'strapi::public',
  ];`,
  'src/middlewares/gate.js': `module.exports = () => async (context, next) => {
    if (context.get('x-stop') === '') await next();
    else context.status = Number(context.get('x-stop'));
  };`,
  'src/index.js': `module.exports = {
    async bootstrap({ strapi }) {
      const role = await strapi.db.query('plugin::users-permissions.role').findOne({ where: { type: 'public' } });
      for (const action of ['find', 'findOne', 'create']) {
        const data = { action: 'api::article.article.' + action, role: role.id };
        await strapi.db.query('plugin::users-permissions.permission').create({ data });
      }
    },
  };`,
  'src/api/article/content-types/article/schema.json': JSON.stringify({
    kind: 'collectionType',
    collectionName: 'articles',
    info: { singularName: 'article', pluralName: 'articles', displayName: 'Article' },
    options: { draftAndPublish: false },
    attributes: { title: { type: 'string' } },
  }),
  'src/api/article/controllers/article.js': part('Controller'),
  'src/api/article/routes/article.js': part('Router'),
  'src/api/article/services/article.js': part('Service'),
  'server.js': `const { createStrapi } = require('@strapi/strapi');
    createStrapi({ appDir: __dirname, distDir: __dirname }).start().then((strapi) => {
      console.log('listening', strapi.server.httpServer.address().port);
    });`,
  'public/uploads/here.txt': 'here',
  '.tmp/here.txt': '',
};

function part(name: string): string {
  return `module.exports = require('@strapi/strapi').factories.createCore${name}('api::article.article');`;
}
