export const dynamic = 'force-dynamic';
export default () => [{ url: 'https://shop.example/' }];
