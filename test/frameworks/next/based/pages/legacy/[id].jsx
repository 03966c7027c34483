export default function Page() {
  return <p>legacy</p>;
}

export const getServerSideProps = () => ({ props: {} });
