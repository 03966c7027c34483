export default async ({ params }) => <p>{(await params).all?.join(' ')}</p>;
