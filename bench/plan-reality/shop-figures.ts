import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bytes, KiB } from '@maque/kit';
import { PAGE_SIZE, PRODUCT_COUNT } from '../load/catalogue.ts';

/** Far more than a run can sell. */
const STOCK = 1_000_000;
/** A page of 20 products with its key. */
const PAGE_BYTES: Bytes = 8 * KiB;

export interface ShopFigures {
  /** All pages of products that the users look at. */
  readonly cachedBytes: Bytes;
  /** Of the database, with what is still in its log. */
  readonly databaseBytes: Bytes;
}

export function shopFigures(dataDir: string): ShopFigures {
  return {
    cachedBytes: (PRODUCT_COUNT / PAGE_SIZE) * PAGE_BYTES,
    databaseBytes: pagesOf(dataDir),
  };
}

function pagesOf(dataDir: string): Bytes {
  const database = new DatabaseSync(join(dataDir, 'maque.db'), { readOnly: true, timeout: 5_000 });
  const numberOf = (pragma: string) =>
    Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  const bytes = numberOf('page_count') * numberOf('page_size');
  database.close();
  return bytes;
}

export function fillStock(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, 'maque.db'), { timeout: 5_000 });
  database.prepare('UPDATE products SET stock = ?').run(STOCK);
  database.close();
}
