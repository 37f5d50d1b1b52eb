import { DatabaseSync } from 'node:sqlite';
import { shopProducts } from '../shop-products.js';

const TABLES = `
  CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, openid TEXT NOT NULL UNIQUE, nickname TEXT,
    avatar_url TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_en TEXT NOT NULL,
    category TEXT NOT NULL, description TEXT NOT NULL, price_fen INTEGER NOT NULL, stock INTEGER NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, items TEXT NOT NULL,
    quantity INTEGER NOT NULL, total_fen INTEGER NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS orders_by_user ON orders (user_id, id);
`;

/** Opens the shop's database, filled with products on first use, with its statements prepared. */
export function openDatabase(file) {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  database.exec(TABLES);
  if (database.prepare('SELECT COUNT(*) AS count FROM products').get().count === 0) seed(database);
  return { close: () => database.close(), ...statements(database) };
}

function statements(database) {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  return {
    upsertUser: database.prepare(`INSERT INTO users (openid, created_at, updated_at) VALUES (?1, ?2, ?2)
      ON CONFLICT (openid) DO UPDATE SET updated_at = excluded.updated_at RETURNING *`),
    user: database.prepare('SELECT * FROM users WHERE id = ?'),
    productPage: database.prepare('SELECT * FROM products WHERE id > ? ORDER BY id LIMIT ?'),
    product: database.prepare('SELECT id, name, price_fen FROM products WHERE id = ?'),
    takeStock: database.prepare('UPDATE products SET stock = stock - ?1 WHERE id = ?2 AND stock >= ?1'),
    insertOrder: database.prepare(
      `INSERT INTO orders (user_id, items, quantity, total_fen, status, created_at, updated_at)
       VALUES (?, ?, ?, ?, 'placed', ?5, ?5)`,
    ),
    ordersOfUser: database.prepare(
      'SELECT * FROM orders WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?',
    ),
    transaction(work) {
      begin.run();
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        rollback.run();
        throw error;
      }
    },
  };
}

function seed(database) {
  const insert = database.prepare(`INSERT INTO products
    (name, name_en, category, description, price_fen, stock, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?7, ?7)`);
  const now = new Date().toISOString();
  database.exec('BEGIN');
  for (const { name, nameEn, category, description, priceFen, stock } of shopProducts()) {
    insert.run(name, nameEn, category, description, priceFen, stock, now);
  }
  database.exec('COMMIT');
}
