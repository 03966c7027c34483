export default function handler({ query: { id } }, response) {
  if (id === 'broken') throw new Error('broken');
  response.status(id === 'none' ? 404 : 200).json({ id });
}
