import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Koa from 'koa';
import { steady } from '../rates.js';

const ROWS = 40_000;

export const scenario = {
  about:
    'SQLite reads pages into its cache until the 70 MB that it may use are full: native memory that looks like a leak.',
  minutes: 3.6,
  leak: null,
  arrivals: [
    {
      route: 'GET /books/:id',
      rate: steady(40),
      path: (_n, random) => `/books/${Math.floor(random() * ROWS)}`,
    },
    { route: 'GET /shelves', rate: steady(10) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const place = mkdtempSync(join(tmpdir(), 'books-'));
    process.on('exit', () => rmSync(place, { recursive: true, force: true }));
    const database = new DatabaseSync(join(place, 'books.db'));
    database.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE books (id INTEGER PRIMARY KEY, text TEXT); BEGIN',
    );
    const insert = database.prepare('INSERT INTO books VALUES (?, ?)');
    for (let id = 0; id < ROWS; id += 1) insert.run(id, `page ${id} `.repeat(220));
    database.exec('COMMIT; PRAGMA shrink_memory; PRAGMA cache_size = -70000');
    const near = database.prepare(
      'SELECT id, substr(text, 1, 40) AS start FROM books WHERE id BETWEEN ? AND ? + 5',
    );
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path.startsWith('/books/')) {
        const id = Number(ctx.path.slice(7));
        ctx.body = near.all(id, id);
      } else if (ctx.path === '/shelves') {
        ctx.body = Array.from({ length: 260 }, (_, shelf) => ({ shelf, books: 150 }));
      } else ctx.body = 'ok';
    });
    return app.callback();
  },
};
