// Answers before any page, with the status that the request asks for.
export default defineEventHandler((event) => {
  const status = Number(event.headers.get('x-answer'));
  if (status >= 500) throw createError({ statusCode: status });
  if (status > 0) return new Response(null, { status });
});
