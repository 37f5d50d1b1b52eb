/**
 * A service on bare node:http that knows nothing of whoever keeps it, and does wrong only what a request asks for. The
 * one thing that it has for supervisors is what PM2's guide tells everybody to write: SIGINT closes the server.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { isMainThread, threadId } from 'node:worker_threads';
import { WebSocketServer } from 'ws';

/** The release on disk when this worker started. */
const release = readFileSync(new URL('./release.txt', import.meta.url), 'utf8').trim();
/** Which worker answers: a process, or a thread of one. */
const worker = isMainThread ? `${process.pid}` : `${process.pid}-${threadId}`;
const headers = { 'content-type': 'application/json', 'x-worker': worker, 'x-release': release };

const abandonedCarts = [];
const unsentReceipts = [];

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://service');
  const answer = routes[`${request.method} /${url.pathname.split('/')[1]}`];
  if (answer === undefined) return send(response, 404, {});
  const sent = answer(url, url.searchParams);
  if (sent instanceof Promise) sent.then((body) => send(response, 200, body));
  else send(response, 200, sent);
});

const routes = {
  'GET /items': (url) => readItem(Number(url.pathname.slice('/items/'.length))),
  // Keeps some of every request for good: the leak of a route.
  'POST /carts': (_url, query) => {
    if (query.get('pool') === 'heap') rememberCart(Number(query.get('bytes')));
    else keepReceipt(Number(query.get('bytes')));
    return { carts: abandonedCarts.length, receipts: unsentReceipts.length };
  },
  // Grows for good once asked, whoever calls: the leak of a timer.
  'POST /runaway': (_url, query) => {
    const bytes = Number(query.get('bytesPerSecond')) / RUNAWAY_BEATS_PER_SECOND;
    const grow = query.get('pool') === 'heap' ? rememberCart : keepReceipt;
    setInterval(() => grow(bytes), 1_000 / RUNAWAY_BEATS_PER_SECOND);
    return { growing: true };
  },
  // Everything at once, and let go of with the answer.
  'POST /reports': (_url, query) => writeReport(query.get('pool'), Number(query.get('bytes'))),
  'POST /prices': (_url, query) => ({ best: findBestPrice(performance.now() + Number(query.get('ms'))) }),
};

const RUNAWAY_BEATS_PER_SECOND = 50;

function readItem(id) {
  return {
    item: id,
    title: `Item ${id}`,
    price_fen: id * 10 + 90,
    tags: [`tag-${id % 50}`, `brand-${id % 300}`],
  };
}

/** Small objects of about so many bytes. */
function rememberCart(bytes) {
  const BYTES_EACH = 100;
  const count = Math.max(1, Math.round(bytes / BYTES_EACH));
  abandonedCarts.push(
    Array.from({ length: count }, (_, index) => ({
      index,
      at: performance.now(),
      note: `item ${index} ${count}`,
    })),
  );
}

function keepReceipt(bytes) {
  unsentReceipts.push(Buffer.alloc(Math.max(1, Math.round(bytes)), 1));
}

async function writeReport(pool, bytes) {
  const PART_BYTES = 8 * 1024 * 1024;
  const parts = [];
  for (let size = 0; size < bytes; size += PART_BYTES) {
    parts.push(pool === 'heap' ? new Array(PART_BYTES / 8).fill(size + 0.5) : Buffer.alloc(PART_BYTES, 1));
    // As a database driver hands over rows: other requests get their turn between parts.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { parts: parts.length };
}

/** What blocks the event loop. */
function findBestPrice(untilMs) {
  let best = Number.POSITIVE_INFINITY;
  for (let tried = 0; performance.now() < untilMs; tried += 1)
    best = Math.min(best, (tried * 7_919) % 10_007);
  return best;
}

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
}

const sockets = new WebSocketServer({ server, path: '/live', perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (message) => socket.send(message, { binary: false }));
});

server.listen(Number(process.env.PORT), '127.0.0.1');

process.on('SIGINT', () => server.close(() => process.exit(0)));
