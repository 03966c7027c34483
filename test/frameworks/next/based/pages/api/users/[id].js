export default (_request, response) => response.send('a user');
