import { notFound } from 'next/navigation';

export const dynamic = 'force-dynamic';

export default async function Page({ params }) {
  // A promise since Next 15.
  if ((await params).id === 'gone') notFound();
  return <p>an item</p>;
}
