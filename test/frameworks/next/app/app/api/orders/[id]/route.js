export async function GET(_request, { params }) {
  const { id } = await params;
  if (id === 'broken') throw new Error('broken');
  return Response.json({ id }, { status: id === 'none' ? 404 : 200 });
}

export const POST = () => new Response(null, { status: 201 });
