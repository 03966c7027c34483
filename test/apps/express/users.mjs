import express from 'express';

const app = express();
app.get('/', (_request, response) => response.send('root'));
app.get('/users/:id', (_request, response) => response.send('user'));
app.get('/books/:isbn', (_request, response) => response.send('book'));
app.all('/all', (_request, response) => response.send('all'));
const server = app.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
