/**
 * The lean reference: what a good engineer writes for these five endpoints alone on bare Fastify and node:sqlite, in
 * one process. No layers, no rules, no admission control, no supervision, no budget. It is the yardstick of what
 * Maque's layers cost, so it does nothing that it need not.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fastJsonStringify from 'fast-json-stringify';
import Fastify, { LogController } from 'fastify';
import pino from 'pino';
import { openDatabase } from './database.js';
import { schemas } from './schemas.js';
import { createTokens } from './tokens.js';

const dataDir = process.env.DATA_DIR ?? '.';
/** Pages live as long as in the example shop; stock on them may be this old. */
const PAGE_LIFE_MS = 30_000;
const MAX_PAGES = 1_000;

const database = openDatabase(join(dataDir, 'shop.sqlite'));
const tokens = createTokens(randomBytes(32));
const pages = new Map();
const writePage = fastJsonStringify(schemas.productPage);

const log = pino(pino.destination({ dest: join(dataDir, 'access.log'), sync: false, minLength: 4_096 }));
// One line a request, written below, instead of Fastify's two.
const logController = new LogController({ disableRequestLogging: true });
const http = Fastify({ loggerInstance: log, logController, bodyLimit: 65_536 });
http.decorateRequest('userId', 0);
http.addHook('onResponse', (request, reply, done) => {
  request.log.info({
    method: request.method,
    url: request.url,
    status: reply.statusCode,
    ms: reply.elapsedTime,
    ip: request.ip,
    userId: request.userId,
  });
  done();
});

function requireUser(request, reply, done) {
  const { authorization } = request.headers;
  const userId = authorization?.startsWith('Bearer ') ? tokens.verify(authorization.slice(7)) : undefined;
  if (userId === undefined) {
    reply.code(401).send({ error: { code: 'AUTH_REQUIRED', message: 'Log in first' } });
    return;
  }
  request.userId = userId;
  done();
}

http.post('/api/login/wechat', { schema: schemas.login }, (request, reply) => {
  const user = database.upsertUser.get(request.body.code, new Date().toISOString());
  const { token, expiresAt } = tokens.sign(user.id);
  reply.send({ token, expiresAt: new Date(expiresAt * 1_000).toISOString(), user: userAnswer(user) });
});

http.get('/api/me', { schema: schemas.me, onRequest: requireUser }, (request, reply) => {
  reply.send(userAnswer(database.user.get(request.userId)));
});

http.get('/api/products', { schema: schemas.products }, (request, reply) => {
  reply.type('application/json; charset=utf-8').send(productPage(request.url, request.query));
});

http.get('/api/orders', { schema: schemas.orders, onRequest: requireUser }, (request, reply) => {
  const { limit = 20, cursor } = request.query;
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
  const rows = database.ordersOfUser.all(request.userId, before, limit + 1);
  reply.send(pageAnswer(rows, limit, orderAnswer));
});

http.post('/api/orders', { schema: schemas.createOrder, onRequest: requireUser }, (request, reply) => {
  const order = database.transaction(() => placeOrder(request.userId, request.body.items));
  reply.code(201).send(order);
});

function placeOrder(userId, wishes) {
  const items = wishes.map(({ productId, quantity }) => {
    const product = database.product.get(productId);
    if (product === undefined) throw fault(404, 'PRODUCT_UNKNOWN');
    if (database.takeStock.run(quantity, productId).changes === 0) throw fault(409, 'ORDER_OUT_OF_STOCK');
    return { productId, name: product.name, price_fen: product.price_fen, quantity };
  });
  const total_fen = items.reduce((sum, item) => sum + item.price_fen * item.quantity, 0);
  const quantity = items.reduce((sum, item) => sum + item.quantity, 0);
  const createdAt = new Date().toISOString();
  const { lastInsertRowid } = database.insertOrder.run(
    userId,
    JSON.stringify(items),
    quantity,
    total_fen,
    createdAt,
  );
  const id = Number(lastInsertRowid);
  return { id, userId, items, total_fen, status: 'placed', createdAt, updatedAt: createdAt };
}

function productPage(url, { limit = 20, cursor = '0' }) {
  const known = pages.get(url);
  if (known !== undefined && known.freshUntil > Date.now()) return known.json;
  const rows = database.productPage.all(Number(cursor), limit + 1);
  const json = writePage(pageAnswer(rows, limit, productAnswer));
  if (pages.size >= MAX_PAGES) pages.clear();
  pages.set(url, { json, freshUntil: Date.now() + PAGE_LIFE_MS });
  return json;
}

function pageAnswer(rows, limit, answer) {
  const items = rows.slice(0, limit);
  const nextCursor = rows.length > limit ? String(items.at(-1).id) : null;
  return { items: items.map(answer), nextCursor };
}

function productAnswer(row) {
  const { id, name, category, description, price_fen, stock } = row;
  const times = { createdAt: row.created_at, updatedAt: row.updated_at };
  return { id, name, nameEn: row.name_en, category, description, price_fen, stock, ...times };
}

function userAnswer(row) {
  const { id, nickname } = row;
  return { id, nickname, avatarUrl: row.avatar_url, createdAt: row.created_at, updatedAt: row.updated_at };
}

function orderAnswer(row) {
  const { id, total_fen, status } = row;
  const times = { createdAt: row.created_at, updatedAt: row.updated_at };
  return { id, userId: row.user_id, items: JSON.parse(row.items), total_fen, status, ...times };
}

function fault(statusCode, code) {
  return Object.assign(new Error(code), { statusCode, code });
}

process.once('SIGTERM', async () => {
  await http.close();
  database.close();
});
await http.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
