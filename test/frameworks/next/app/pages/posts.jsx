export const getStaticProps = () => ({ props: {} });

export default () => <p>posts</p>;
