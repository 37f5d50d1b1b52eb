/** Makes the tables and fills in the products, as the guides do before the first start. */
import { shopProducts } from '../shop-products.js';
import { pool } from './database.js';

const TABLES = [
  `CREATE TABLE users (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, openid VARCHAR(128) NOT NULL UNIQUE,
    nickname VARCHAR(64), avatar_url VARCHAR(255), created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3))`,
  `CREATE TABLE products (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(64) NOT NULL,
    name_en VARCHAR(128) NOT NULL, category VARCHAR(32) NOT NULL, description VARCHAR(500) NOT NULL,
    price_fen INT UNSIGNED NOT NULL, stock INT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3))`,
  `CREATE TABLE orders (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, user_id INT UNSIGNED NOT NULL,
    items TEXT NOT NULL, quantity INT UNSIGNED NOT NULL, total_fen INT UNSIGNED NOT NULL,
    status VARCHAR(16) NOT NULL DEFAULT 'placed', created_at DATETIME(3) NOT NULL, updated_at DATETIME(3) NOT NULL,
    INDEX orders_by_user (user_id, id))`,
];

for (const table of TABLES) await pool.query(table);
const rows = shopProducts().map((product) => [
  product.name,
  product.nameEn,
  product.category,
  product.description,
  product.priceFen,
  product.stock,
]);
await pool.query('INSERT INTO products (name, name_en, category, description, price_fen, stock) VALUES ?', [
  rows,
]);
await pool.end();
