import { notFound } from 'next/navigation';

export const dynamic = 'force-dynamic';

export default async function Item({ params }) {
  const { id } = await params;
  if (id === 'gone') notFound();
  if (id === 'broken') throw new Error('broken');
  return <p>item {id}</p>;
}
