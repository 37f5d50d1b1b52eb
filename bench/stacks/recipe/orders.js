import { pool } from './database.js';

/** Takes the stock and writes the order, both or neither. */
export async function placeOrder(userId, wishes) {
  if (!Array.isArray(wishes) || wishes.length === 0 || !wishes.every(isWish)) {
    throw fault(400, 'VALIDATION_FAILED', 'items is not valid');
  }
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const order = await writeOrder(connection, userId, wishes);
    await connection.commit();
    return order;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

async function writeOrder(connection, userId, wishes) {
  const items = [];
  for (const { productId, quantity } of wishes) {
    const [[product]] = await connection.execute('SELECT id, name, price_fen FROM products WHERE id = ?', [
      productId,
    ]);
    if (!product) throw fault(404, 'PRODUCT_UNKNOWN', 'There is no such product');
    const [taken] = await connection.execute(
      'UPDATE products SET stock = stock - ? WHERE id = ? AND stock >= ?',
      [quantity, productId, quantity],
    );
    if (taken.affectedRows === 0) throw fault(409, 'ORDER_OUT_OF_STOCK', 'There is not enough in stock');
    items.push({ productId, name: product.name, price_fen: product.price_fen, quantity });
  }
  const total_fen = items.reduce((sum, item) => sum + item.price_fen * item.quantity, 0);
  const quantity = items.reduce((sum, item) => sum + item.quantity, 0);
  const createdAt = new Date();
  const [inserted] = await connection.execute(
    'INSERT INTO orders (user_id, items, quantity, total_fen, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
    [userId, JSON.stringify(items), quantity, total_fen, createdAt, createdAt],
  );
  const status = 'placed';
  return { id: inserted.insertId, userId, items, total_fen, status, createdAt, updatedAt: createdAt };
}

function isWish(wish) {
  const { productId, quantity } = wish ?? {};
  return (
    Number.isSafeInteger(productId) && Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= 999
  );
}

function fault(status, code, message) {
  return Object.assign(new Error(message), { status, code });
}
