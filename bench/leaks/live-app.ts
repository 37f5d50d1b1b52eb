// A small shop on bare node:http that knows nothing of any guard. LIVE_APP tells what is wrong with it, if anything.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ailment } from './live-cases.ts';

const ailment = JSON.parse(process.env.LIVE_APP ?? '{}') as Ailment;

interface Product {
  readonly id: number;
  readonly title: string;
  readonly tags: readonly string[];
  readonly price_fen: number;
}

// The catalogue: some 10 MiB that live for good, as an app's own data do.
const products: Product[] = Array.from({ length: 20_000 }, (_, id) => product(id));
// A cache with a bound, filled by whoever asks: pages of 4 KiB, 3,000 of them.
const MAX_PAGES = 3_000;
const pages = new Map<number, string>();
// What the app forgets to let go of.
const carts: unknown[] = [];
const receipts: Buffer[] = [];
let startedAt = performance.now();

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500, { 'content-length': 0 }).end();
    console.error(error);
  });
});
server.listen(0, '127.0.0.1', () => {
  startedAt = performance.now();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path.startsWith('/products/')) return send(response, page(Number(path.slice('/products/'.length))));
  if (path.startsWith('/search')) return send(response, search());
  if (path === '/imports') return send(response, JSON.stringify(await readImport(request)));
  if (path === '/season') return send(response, fillSeason());
  if (path.startsWith('/carts')) return send(response, await addToCart(request));
  response.writeHead(404, { 'content-length': 0 }).end();
}

function send(response: ServerResponse, body: string): void {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  response.writeHead(200, headers).end(body);
}

function product(id: number): Product {
  return {
    id,
    title: `Product ${id}`,
    tags: [`tag-${id % 50}`, `brand-${id % 300}`],
    price_fen: id * 10 + 90,
  };
}

function page(number: number): string {
  const id = number % products.length;
  const known = pages.get(id);
  if (known !== undefined) return known;
  const made = JSON.stringify(products.slice(id, id + 40));
  pages.set(id, made);
  if (pages.size > MAX_PAGES) pages.delete(pages.keys().next().value ?? 0);
  return made;
}

/** What most requests do: some hundred KiB that are garbage when the answer is out. */
function search(): string {
  const found = products
    .slice(Math.floor(Math.random() * 19_000))
    .filter(({ title }) => title.endsWith('7'))
    .slice(0, 200)
    .map((each) => ({ ...each, title: each.title.toUpperCase() }));
  return JSON.stringify(found.slice(0, 20));
}

/** The whole body in memory, as `express.json()` has it. */
async function readImport(request: IncomingMessage): Promise<{ rows: number }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const rows = JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
  return { rows: rows.length };
}

let season: string[] = [];

/** A second cache that is rebuilt as a whole, of some 12 MiB. */
function fillSeason(): string {
  season = Array.from({ length: 3_000 }, (_, id) => JSON.stringify(products.slice(id, id + 40)));
  return JSON.stringify({ pages: season.length });
}

async function addToCart(request: IncomingMessage): Promise<string> {
  for await (const _ of request);
  await sleep(2); // the database
  const isIll = performance.now() - startedAt >= ailment.fromMs;
  if (isIll && carts.length + receipts.length === 0 && ailment.kind !== 'none') tellOnset();
  if (isIll && ailment.kind === 'heap') carts.push(keptObjects(ailment.bytesPerRequest));
  if (isIll && ailment.kind === 'buffers') receipts.push(Buffer.alloc(ailment.bytesPerRequest, 1));
  return JSON.stringify({ carts: carts.length, receipts: receipts.length });
}

/** For whoever measures: the moment from which on it leaks, on this process' own clock. */
function tellOnset(): void {
  process.send?.({ kind: 'onset', atMs: performance.now() });
}

/** Small objects of about so many bytes: 8 for a reference, 24 and up for the object, 32 for its text. */
function keptObjects(bytes: number): readonly object[] {
  const BYTES_EACH = 100;
  return Array.from({ length: Math.round(bytes / BYTES_EACH) }, (_, index) => ({
    index,
    at: performance.now(),
    note: `item ${index} ${carts.length}`,
  }));
}
