/** What goes in is checked by these, what goes out is written by serializers compiled from these. */

const text = { type: 'string' };
const integer = { type: 'integer' };
const nullableText = { type: ['string', 'null'] };

function object(properties, required = Object.keys(properties)) {
  return { type: 'object', properties, required, additionalProperties: false };
}

const product = object({
  id: integer,
  name: text,
  nameEn: text,
  category: text,
  description: text,
  price_fen: integer,
  stock: integer,
  createdAt: text,
  updatedAt: text,
});
const user = object({
  id: integer,
  nickname: nullableText,
  avatarUrl: nullableText,
  createdAt: text,
  updatedAt: text,
});
const order = object({
  id: integer,
  userId: integer,
  items: {
    type: 'array',
    items: object({ productId: integer, name: text, price_fen: integer, quantity: integer }),
  },
  total_fen: integer,
  status: text,
  createdAt: text,
  updatedAt: text,
});
const page = (item) => object({ items: { type: 'array', items: item }, nextCursor: nullableText });
const pageQuery = object(
  {
    limit: { type: 'integer', minimum: 1, maximum: 100 },
    cursor: { type: 'string', pattern: '^\\d{1,15}$' },
  },
  [],
);

export const schemas = {
  login: {
    body: object({ code: { type: 'string', pattern: '^demo-[\\w-]{1,64}$' } }),
    response: { 200: object({ token: text, expiresAt: text, user }) },
  },
  me: { response: { 200: user } },
  products: { querystring: pageQuery },
  productPage: page(product),
  orders: { querystring: pageQuery, response: { 200: page(order) } },
  createOrder: {
    body: object({
      items: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: object({ productId: integer, quantity: { type: 'integer', minimum: 1, maximum: 999 } }),
      },
    }),
    response: { 201: order },
  },
};
