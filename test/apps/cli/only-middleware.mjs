import express from 'express';

const app = express();
app.use((request, response, next) => (request.url === '/nowhere' ? next() : response.end()));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
