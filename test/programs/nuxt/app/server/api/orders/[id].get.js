export default defineEventHandler((event) => {
  if (getRouterParam(event, 'id') === 'broken') throw createError({ statusCode: 503 });
  return 'an order';
});
