export default ({ query }, response) => response.json(query.all);
