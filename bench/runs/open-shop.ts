import { readCatalogue } from '../load/catalogue.ts';
import type { LoadSubject } from '../load/load-plan.ts';
import { logIn } from '../load/users.ts';
import type { RunningStack } from '../stacks/stack.ts';

/** Users of every load, one a connection. */
const USERS = 100;

/** Logs everybody in who will shop, and reads what there is to buy. */
export async function openShop({ target }: RunningStack): Promise<LoadSubject> {
  const users = await logIn(target, USERS);
  const [first] = users;
  if (first === undefined) throw new Error('a shop needs at least one user');
  return { target, users, catalogue: await readCatalogue(target, first.token) };
}
