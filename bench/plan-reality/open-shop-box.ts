import { readCatalogue } from '../load/catalogue.ts';
import type { LoadSubject } from '../load/load-plan.ts';
import { logIn } from '../load/users.ts';
import { DOMAIN, type RenderedBox } from './rendered-box.ts';
import { fillStock } from './shop-figures.ts';

/**
 * Logs users in at the app itself, which the proxy would count as one impatient address, and sends them to the proxy:
 * with TLS, each from an address of their own.
 */
export async function openShopBox({ ports, shop }: RenderedBox, count: number): Promise<LoadSubject> {
  const app = { host: '127.0.0.1', port: ports.app };
  fillStock(shop.dataDir);
  const users = await logIn(app, count);
  const [first] = users;
  if (first === undefined) throw new Error('a shop needs at least one user');
  const catalogue = await readCatalogue(app, first.token);
  return { target: { host: '127.0.0.1', port: ports.https, servername: DOMAIN }, users, catalogue };
}
