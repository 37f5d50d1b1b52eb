import type { Target } from './connection.ts';

/** A product as the shop lists it; stacks differ in what else they tell. */
export interface ListedProduct {
  readonly id: string | number;
  readonly priceFen: number;
}

/** One page of the product list: how to ask for it and what must come back. */
export interface CataloguePage {
  readonly path: string;
  readonly productIds: readonly (string | number)[];
}

export interface Catalogue {
  readonly pages: readonly CataloguePage[];
  readonly products: readonly ListedProduct[];
}

export const PRODUCT_COUNT = 1_000;
export const PAGE_SIZE = 20;

/**
 * Walks the whole product list by its cursors, as a client would, so that every stack is asked for the same pages.
 * @throws Error when the list is not 1,000 products in pages of 20.
 */
export async function readCatalogue(target: Target, token: string): Promise<Catalogue> {
  const pages: CataloguePage[] = [];
  const products: ListedProduct[] = [];
  let cursor: string | null = null;
  do {
    const path: string = `/api/products?limit=${PAGE_SIZE}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: RawPage = await getPage(target, path, token);
    pages.push({ path, productIds: page.items.map((item) => item.id) });
    products.push(...page.items.map((item) => ({ id: item.id, priceFen: item.price_fen })));
    cursor = page.nextCursor;
  } while (cursor !== null && products.length < PRODUCT_COUNT);
  const distinct = new Set(products.map((product) => product.id)).size;
  if (cursor !== null || distinct !== PRODUCT_COUNT || pages.length !== PRODUCT_COUNT / PAGE_SIZE) {
    throw new Error(
      `expected ${PRODUCT_COUNT} products in pages of ${PAGE_SIZE}, got ${distinct} in ${pages.length}`,
    );
  }
  return { pages, products };
}

interface RawPage {
  readonly items: readonly { readonly id: string | number; readonly price_fen: number }[];
  readonly nextCursor: string | null;
}

async function getPage(target: Target, path: string, token: string): Promise<RawPage> {
  const response = await fetch(`http://${target.host}:${target.port}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`);
  return (await response.json()) as RawPage;
}
