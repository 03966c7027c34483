// A framework whose routes cannot be seen. It is copied to the folder with its package.
import restana from 'restana';

const service = restana();
service.get('/blog/:slug', (_request, response) => response.send('post'));
const server = await service.start(0, '127.0.0.1');
console.log('listening', server.address().port);
