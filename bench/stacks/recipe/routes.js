import express from 'express';
import { requireUser, signToken } from './auth.js';
import { redis } from './cache.js';
import { pool } from './database.js';
import { placeOrder } from './orders.js';

/** Pages live as long as in the example shop. */
const PAGE_LIFE_SECONDS = 30;

export const router = express.Router();

router.post('/login/wechat', async (request, response) => {
  const { code } = request.body ?? {};
  if (!/^demo-[\w-]{1,64}$/.test(code)) {
    return response
      .status(401)
      .json({ error: { code: 'LOGIN_CODE_INVALID', message: 'The code is not valid' } });
  }
  await pool.execute(
    'INSERT INTO users (openid) VALUES (?) ON DUPLICATE KEY UPDATE updated_at = CURRENT_TIMESTAMP(3)',
    [code],
  );
  const [[user]] = await pool.execute('SELECT * FROM users WHERE openid = ?', [code]);
  const expiresAt = new Date(Date.now() + 7 * 24 * 3_600_000);
  response.json({ token: signToken(user.id), expiresAt, user: userAnswer(user) });
});

router.get('/me', requireUser, async (request, response) => {
  const [[user]] = await pool.execute('SELECT * FROM users WHERE id = ?', [request.userId]);
  response.json(userAnswer(user));
});

router.get('/products', async (request, response) => {
  const { limit, cursor } = pageQuery(request.query);
  const key = `products:${cursor ?? 0}:${limit}`;
  const cached = await redis.get(key);
  if (cached !== null) return response.type('json').send(cached);
  const [rows] = await pool.query('SELECT * FROM products WHERE id > ? ORDER BY id LIMIT ?', [
    cursor ?? 0,
    limit + 1,
  ]);
  const page = JSON.stringify(pageAnswer(rows, limit, productAnswer));
  await redis.setex(key, PAGE_LIFE_SECONDS, page);
  response.type('json').send(page);
});

router.get('/orders', requireUser, async (request, response) => {
  const { limit, cursor } = pageQuery(request.query);
  const [rows] = await pool.query(
    'SELECT * FROM orders WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?',
    [request.userId, cursor ?? Number.MAX_SAFE_INTEGER, limit + 1],
  );
  response.json(pageAnswer(rows, limit, orderAnswer));
});

router.post('/orders', requireUser, async (request, response) => {
  response.status(201).json(await placeOrder(request.userId, request.body?.items));
});

function pageQuery({ limit = '20', cursor }) {
  const known = /^\d{1,3}$/.test(limit) && (cursor === undefined || /^\d{1,15}$/.test(cursor));
  if (!known) throw Object.assign(new Error('limit or cursor is not valid'), { status: 400 });
  return { limit: Math.min(100, Math.max(1, Number(limit))), cursor: cursor && Number(cursor) };
}

function pageAnswer(rows, limit, answer) {
  const items = rows.slice(0, limit);
  return { items: items.map(answer), nextCursor: rows.length > limit ? String(items.at(-1).id) : null };
}

function userAnswer({ id, nickname, avatar_url, created_at, updated_at }) {
  return { id, nickname, avatarUrl: avatar_url, createdAt: created_at, updatedAt: updated_at };
}

function productAnswer({ name_en, created_at, updated_at, ...product }) {
  return { ...product, nameEn: name_en, createdAt: created_at, updatedAt: updated_at };
}

function orderAnswer({ user_id, items, created_at, updated_at, quantity, ...order }) {
  const times = { createdAt: created_at, updatedAt: updated_at };
  return { ...order, userId: user_id, items: JSON.parse(items), ...times };
}
