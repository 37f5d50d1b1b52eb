import { type Answer, retryAfterSeconds } from './answer-reader.ts';
import { type Catalogue, type CataloguePage, type ListedProduct, PAGE_SIZE } from './catalogue.ts';
import { seededRandom } from './random.ts';
import type { User } from './users.ts';

/** The mix, in hundredths: what a shop's users do most is look at products. */
const MIX = { products: 50, me: 20, orders: 15, 'order-create': 15 } as const;

export type RequestKind = keyof typeof MIX;
export const REQUEST_KINDS = Object.keys(MIX) as readonly RequestKind[];

/** Every list is searched for what must be in it; one in this many is also parsed whole, which costs 10 times more. */
const PARSE_EVERY = 20;

/** What the answer to a request turned out to be. `shed`: 503 with `Retry-After`, right under overload only. */
export type Verdict = 'right' | 'shed' | 'wrong';

export type ShopRequest = { readonly bytes: string | Buffer } & (
  | { readonly kind: 'products'; readonly page: CataloguePage; readonly mustContain: readonly Buffer[] }
  | { readonly kind: 'me' | 'orders'; readonly mustContain: readonly Buffer[] }
  | { readonly kind: 'order-create'; readonly product: ListedProduct; readonly quantity: number }
);

/** One user who shops: chooses the next request and judges its answer. */
export class Shopper {
  readonly #catalogue: Catalogue;
  readonly #head: string;
  readonly #random: () => number;
  readonly #pages: readonly ShopRequest[];
  readonly #me: ShopRequest;
  readonly #ordersBytes: Buffer;
  #newestOrder: readonly Buffer[] = [];
  #lists = 0;
  #ordersAccepted = 0;
  #quantityAccepted = 0;

  constructor(catalogue: Catalogue, user: User, host: string, seed: number) {
    this.#catalogue = catalogue;
    this.#random = seededRandom(seed);
    this.#head = `Host: ${host}\r\nAuthorization: Bearer ${user.token}\r\nUser-Agent: maque-bench\r\n`;
    this.#pages = catalogue.pages.map((page) => this.#pageRequest(page));
    this.#me = { kind: 'me', bytes: this.#get('/api/me'), mustContain: [idInJson(user.id)] };
    this.#ordersBytes = this.#get(`/api/orders?limit=${PAGE_SIZE}`);
  }

  /** What the server said it sold to this user. */
  get accepted(): { readonly orders: number; readonly quantity: number } {
    return { orders: this.#ordersAccepted, quantity: this.#quantityAccepted };
  }

  next(): ShopRequest {
    switch (this.#chooseKind()) {
      case 'products':
        return oneOf(this.#pages, this.#random);
      case 'me':
        return this.#me;
      case 'orders':
        // The list must show the newest order that was answered before this request: a stale list is wrong.
        return { kind: 'orders', bytes: this.#ordersBytes, mustContain: this.#newestOrder };
      case 'order-create':
        return this.#orderRequest();
    }
  }

  judge(request: ShopRequest, answer: Answer): Verdict {
    if (answer.status === 503) return retryAfterSeconds(answer) === undefined ? 'wrong' : 'shed';
    if (answer.status !== (request.kind === 'order-create' ? 201 : 200)) return 'wrong';
    try {
      return this.#isRight(request, answer.body) ? 'right' : 'wrong';
    } catch {
      return 'wrong'; // not JSON, or JSON of another shape
    }
  }

  #isRight(request: ShopRequest, body: Buffer): boolean {
    if (request.kind === 'order-create') return this.#isOrder(request, body);
    if (!request.mustContain.every((part) => body.includes(part))) return false;
    if (request.kind === 'me') return true;
    this.#lists += 1;
    if (this.#lists % PARSE_EVERY !== 0) return true;
    const { items } = JSON.parse(body.toString()) as { items: readonly ListItem[] };
    return request.kind === 'products' ? isPage(request.page, items) : areOrders(items);
  }

  #isOrder(request: ShopRequest & { kind: 'order-create' }, body: Buffer): boolean {
    const order = JSON.parse(body.toString()) as { id: string | number; total_fen: number };
    if (order.total_fen !== request.product.priceFen * request.quantity) return false;
    this.#newestOrder = [idInJson(order.id)];
    this.#ordersAccepted += 1;
    this.#quantityAccepted += request.quantity;
    return true;
  }

  #chooseKind(): RequestKind {
    let roll = this.#random() * 100;
    for (const kind of REQUEST_KINDS) {
      roll -= MIX[kind];
      if (roll < 0) return kind;
    }
    return 'order-create';
  }

  #pageRequest(page: CataloguePage): ShopRequest {
    const ends = [page.productIds[0], page.productIds.at(-1)].filter((id) => id !== undefined);
    return { kind: 'products', page, bytes: this.#get(page.path), mustContain: ends.map(idInJson) };
  }

  #orderRequest(): ShopRequest {
    const product = oneOf(this.#catalogue.products, this.#random);
    const quantity = this.#random() < 0.5 ? 1 : 2;
    const body = JSON.stringify({ items: [{ productId: product.id, quantity }] });
    const head = `POST /api/orders HTTP/1.1\r\n${this.#head}Content-Type: application/json\r\n`;
    const bytes = `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
    return { kind: 'order-create', bytes, product, quantity };
  }

  #get(path: string): Buffer {
    return Buffer.from(`GET ${path} HTTP/1.1\r\n${this.#head}\r\n`, 'latin1');
  }
}

interface ListItem {
  readonly id: string | number;
  readonly price_fen?: number;
  readonly total_fen?: number;
}

function isPage(page: CataloguePage, items: readonly ListItem[]): boolean {
  const sameIds = items.every((item, index) => item.id === page.productIds[index]);
  return items.length === page.productIds.length && sameIds && items.every((item) => isFen(item.price_fen));
}

function areOrders(items: readonly ListItem[]): boolean {
  return items.length <= PAGE_SIZE && items.every((item) => isFen(item.total_fen));
}

function isFen(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function oneOf<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}

/** How a record's id stands in a JSON answer. */
function idInJson(id: string | number): Buffer {
  return Buffer.from(`"id":${JSON.stringify(id)}`);
}
