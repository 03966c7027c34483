import type { Framework } from '../framework.ts';

const post = (query: string) => ({
  headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
  body: JSON.stringify({ query }),
});

/** All operations have the same path. */
export default {
  name: 'GraphQL',
  versions: { '16 with graphql-http': { packages: { graphql: '16.15.0', 'graphql-http': '1.23.1' } } },
  requests: [
    ['POST /graphql', 200, '/graphql', post('{ user(id: "ann") }')],
    ['POST /graphql', 200, '/graphql', post('query Other { user(id: "bob") }')],
    ['POST /graphql', 200, '/graphql', post('{ fails }')],
    ['POST /graphql', 400, '/graphql', post('{ nothing }')],
    ['GET /graphql?query=%7Buser%7D', 200, '/graphql'],
    ['GET /elsewhere', 404, 'unmatched'],
  ],
} satisfies Framework;
