/**
 * The same three endpoints as a good engineer writes them on bare Fastify and node:sqlite, in one process: schemas for
 * bodies and answers, prepared statements, pages by the last id, one line of log a request. What a commit means is told
 * by `SYNCHRONOUS`.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Fastify, { LogController } from 'fastify';
import pino from 'pino';
import { noteAt, SEEDED_NOTES } from './notes.ts';

const dataDir = process.env.DATA_DIR ?? '.';
const database = new DatabaseSync(join(dataDir, 'notes.sqlite'));
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = ${process.env.SYNCHRONOUS === 'NORMAL' ? 'NORMAL' : 'FULL'};
  CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL,
    stars INTEGER NOT NULL, is_open INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
`);
const insert = database.prepare(
  'INSERT INTO notes (title, body, stars, is_open, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5) RETURNING *',
);
const find = database.prepare('SELECT * FROM notes WHERE id = ?');
const page = database.prepare('SELECT * FROM notes WHERE id < ? ORDER BY id DESC LIMIT ?');
seed();

const note = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    title: { type: 'string' },
    body: { type: 'string' },
    stars: { type: 'integer' },
    isOpen: { type: 'boolean' },
    createdAt: { type: 'string' },
    updatedAt: { type: 'string' },
  },
};
const listSchema = {
  querystring: {
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 100 },
      cursor: { type: 'string', pattern: '^\\d{1,15}$' },
    },
    additionalProperties: false,
  },
  response: {
    200: {
      type: 'object',
      properties: { items: { type: 'array', items: note }, nextCursor: { type: ['string', 'null'] } },
    },
  },
};
const readSchema = {
  params: { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } },
  response: { 200: note },
};
const createSchema = {
  body: {
    type: 'object',
    properties: {
      title: { type: 'string', minLength: 1, maxLength: 80 },
      body: { type: 'string', minLength: 1, maxLength: 2_000 },
      stars: { type: 'integer', minimum: 0, maximum: 5, default: 0 },
      isOpen: { type: 'boolean', default: true },
    },
    required: ['title', 'body'],
    additionalProperties: false,
  },
  response: { 201: note },
};

const log = pino(pino.destination({ dest: join(dataDir, 'access.log'), sync: false, minLength: 4_096 }));
const logController = new LogController({ disableRequestLogging: true });
const http = Fastify({ loggerInstance: log, logController, bodyLimit: 65_536 });
http.addHook('onResponse', (request, reply, done) => {
  const { method, url } = request;
  request.log.info({ method, url, status: reply.statusCode, ms: reply.elapsedTime, ip: request.ip });
  done();
});

http.get('/api/notes', { schema: listSchema }, (request, reply) => {
  const { limit = 20, cursor } = request.query;
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
  const rows = page.all(before, limit + 1);
  const hasMore = rows.length > limit;
  if (hasMore) rows.pop();
  reply.send({ items: rows.map(answerOf), nextCursor: hasMore ? String(rows.at(-1).id) : null });
});

http.get('/api/notes/:id', { schema: readSchema }, (request, reply) => {
  const row = find.get(request.params.id);
  if (row === undefined)
    reply.code(404).send({ error: { code: 'NOT_FOUND', message: 'There is nothing here' } });
  else reply.send(answerOf(row));
});

http.post('/api/notes', { schema: createSchema }, (request, reply) => {
  const { title, body, stars, isOpen } = request.body;
  reply.code(201).send(answerOf(insert.get(title, body, stars, isOpen ? 1 : 0, Date.now())));
});

function answerOf({ id, title, body, stars, is_open, created_at, updated_at }) {
  return {
    ...{ id, title, body, stars },
    isOpen: is_open === 1,
    createdAt: new Date(created_at).toISOString(),
    updatedAt: new Date(updated_at).toISOString(),
  };
}

function seed() {
  if (database.prepare('SELECT count(*) AS count FROM notes').get().count > 0) return;
  database.exec('BEGIN');
  for (let index = 0; index < SEEDED_NOTES; index += 1) {
    const { title, body, stars, isOpen } = noteAt(index);
    insert.get(title, body, stars, isOpen ? 1 : 0, Date.now());
  }
  database.exec('COMMIT');
}

process.once('SIGTERM', async () => {
  await http.close();
  database.close();
});
await http.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
