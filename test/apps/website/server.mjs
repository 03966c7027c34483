// Serves the files of a folder, as a static server without routes.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const server = createServer((request, response) => {
  createReadStream(join(folder, request.url))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
