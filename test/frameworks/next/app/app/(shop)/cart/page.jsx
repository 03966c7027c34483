export default () => <p>cart</p>;
