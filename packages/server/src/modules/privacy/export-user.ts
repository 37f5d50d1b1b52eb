import { errors, type Me, type SessionView } from '@maque/contract';
import type { Clock } from '@maque/kit';
import type { Database } from '../../ports/index.ts';
import { isoTime } from '../records/iso-time.ts';
import type { Records } from '../records/records.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { uploadAddress } from '../uploads/upload-address.ts';
import { accountsOf } from '../users/account-store.ts';
import type { UserService } from '../users/user-service.ts';
import { findUser, type UserRow } from '../users/user-store.ts';
import { personalCollections, recordsOf } from './personal-collections.ts';
import { consentsOf, filesOf, paymentsOf } from './personal-store.ts';

/** Records read at once, fewer where they are long: some MB at most are in memory, however much a user has. */
const PAGE = 100;

export interface ExportDeps {
  readonly database: Database;
  readonly records: Records;
  readonly users: UserService;
  readonly sessions: SessionService;
  readonly clock: Clock;
}

/** What stands before the lists, read before the first byte leaves so that a fault of it is an answer. */
interface Head {
  readonly exportedAt: string;
  readonly user: Me;
  readonly miniPrograms: readonly { readonly appId: string; readonly firstSeenAt: string }[];
  readonly sessions: readonly SessionView[];
  readonly subscriptions: readonly { readonly templateId: string; readonly remaining: number }[];
}

/**
 * Everything that is kept of one user, as JSON in pieces: the profile, records that are declared as theirs, files by
 * their addresses, and payments. @throws CodedError NOT_FOUND when there is no such user.
 */
export async function exportUser(deps: ExportDeps, userId: string): Promise<AsyncGenerator<string>> {
  const user = await findUser(deps.database, userId);
  if (user === undefined) throw errors.NOT_FOUND();
  return pieces(deps, user, await headOf(deps, user));
}

async function headOf({ database, users, sessions, clock }: ExportDeps, row: UserRow): Promise<Head> {
  const accounts = await accountsOf(database, row.id);
  return {
    exportedAt: isoTime(Math.floor(clock.now())),
    user: users.viewOf(row),
    miniPrograms: accounts.map(({ appId, createdAt }) => ({
      appId,
      firstSeenAt: isoTime(Math.floor(createdAt)),
    })),
    sessions: await sessions.list(row.id, undefined),
    subscriptions: await consentsOf(database, row.id),
  };
}

async function* pieces(deps: ExportDeps, user: UserRow, head: Head): AsyncGenerator<string> {
  const { database, records } = deps;
  const { id: userId } = user;
  yield `${JSON.stringify(head).slice(0, -1)},"collections":{`;
  let separator = '';
  for (const one of personalCollections(records.models).declared) {
    yield `${separator}${JSON.stringify(one.model.name)}:`;
    yield* listOf(
      one.users.map(
        (_, position) => (after: string) => recordsOf(records.session, one, position, user, after, PAGE),
      ),
      ({ id }) => id as string,
    );
    separator = ',';
  }
  yield '},"files":';
  yield* listOf(
    [async (after) => (await filesOf(database, userId, after, PAGE)).map(fileView)],
    ({ id }) => id,
  );
  yield ',"payments":';
  yield* listOf(
    [async (after) => (await paymentsOf(database, userId, after, PAGE)).map(paymentView)],
    ({ id }) => id,
  );
  yield '}';
}

/** A list of all pages of one thing after the other, each page asked for by the last key of the one before, until one is empty. */
async function* listOf<Item>(
  pagesOf: readonly ((after: string) => Promise<readonly Item[]>)[],
  keyOf: (item: Item) => string,
): AsyncGenerator<string> {
  let separator = '';
  yield '[';
  for (const page of pagesOf) {
    let after = '';
    for (;;) {
      const items = await page(after);
      const last = items.at(-1);
      if (last === undefined) break;
      yield separator + items.map((item) => JSON.stringify(item)).join(',');
      separator = ',';
      after = keyOf(last);
    }
  }
  yield ']';
}

function fileView({ id, type, bytes, createdAt }: Awaited<ReturnType<typeof filesOf>>[number]) {
  return { id, url: uploadAddress(id), type, size: bytes, createdAt: isoTime(Math.floor(createdAt)) };
}

function paymentView(row: Awaited<ReturnType<typeof paymentsOf>>[number]) {
  const { outTradeNo, reference, description, status, createdAt, paidAt } = row;
  return {
    ...{ id: outTradeNo, reference, description, status },
    amount_fen: row.amountFen,
    refunded_fen: row.refundedFen,
    createdAt: isoTime(Math.floor(createdAt)),
    paidAt: paidAt === null ? null : isoTime(Math.floor(paidAt)),
  };
}
