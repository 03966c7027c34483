import router from '@adonisjs/core/services/router';

router.get('/users/:id', ({ params }) => params.id);
router.get('/docs/:page?', () => 'docs');
router.get('/files/*', () => 'files');
router.group(() => router.post('/orders', ({ response }) => response.created())).prefix('/api');
