export const getServerSideProps = async ({ params: { id } }) => {
  if (id === 'gone') return { notFound: true };
  if (id === 'moved') return { redirect: { destination: '/legacy/7', permanent: false } };
  if (id === 'broken') throw new Error('broken');
  return { props: { id } };
};

export default ({ id }) => <p>legacy {id}</p>;
