import { createServer } from 'node:http';
import { buildSchema, execute, graphql, parse, validate } from 'graphql';
import { steady } from '../rates.js';

const KNOWN = 1_800;
const FIELDS = ['id', 'name', 'price', 'stock', 'rating', 'maker', 'colour', 'weight'];
const queryOf = (index) => {
  const fields = Array.from(
    { length: 30 },
    (_, field) => `f${index}_${field}: ${FIELDS[(index + field) % FIELDS.length]}`,
  );
  return `query Q${index} { products { ${fields.join(' ')} } }`;
};

export const scenario = {
  about:
    'Parsed documents of a fixed number of queries, some asked often and many seldom: the cache fills ever more slowly.',
  minutes: 3.8,
  leak: null,
  arrivals: [
    // Zipf's law by inverse transform: half of the requests are for 2 % of the queries.
    {
      route: 'GET /query/:id',
      rate: steady(38),
      path: (_n, random) => `/query/${Math.floor(KNOWN ** random()) % KNOWN}`,
    },
    { route: 'GET /schema', rate: steady(8) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const schema = buildSchema(
      `type Product { ${FIELDS.map((field) => `${field}: String`).join(' ')} } type Query { products: [Product] }`,
    );
    const products = Array.from({ length: 5 }, (_, id) =>
      Object.fromEntries(FIELDS.map((field) => [field, `${field} ${id}`])),
    );
    await graphql({ schema, source: '{ products { id } }', rootValue: { products } });
    const documents = new Map();
    return createServer((request, response) => {
      const [, area, id] = request.url.split('/');
      if (area === 'query') {
        const document = documents.get(id) ?? parse(queryOf(Number(id)));
        if (!documents.has(id)) validate(schema, document);
        documents.set(id, document);
        response.end(JSON.stringify(execute({ schema, document, rootValue: { products } })));
      } else if (area === 'schema') {
        response.end(JSON.stringify(Array.from({ length: 300 }, (_, type) => ({ type, fields: FIELDS }))));
      } else response.end('ok');
    });
  },
};
