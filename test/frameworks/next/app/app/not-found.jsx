export default () => <p>not here</p>;
