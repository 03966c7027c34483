// A service that cannot connect to its Redis, and tries again and again. PACKAGES is a folder with ioredis.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { Redis } = createRequire(join(process.env.PACKAGES, 'package.json'))('ioredis');
const server = createServer((_request, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
// Nothing listens on port 1.
new Redis({ host: '127.0.0.1', port: 1, retryStrategy: () => 100 }).on('error', () => {});
