import type { Bytes } from '@maque/kit';
import type { DatabaseConnection, Migration } from '../../ports/index.ts';
import type { Usage } from './upload-store.ts';

export interface TicketRow {
  readonly id: string;
  readonly ownerId: string;
  /** What the client said; counts until the store tells the truth. */
  readonly bytes: Bytes;
  /** Whether what comes of it is loaded by signed links only. */
  readonly isPrivate: boolean;
  /** Whether the bounds of users hold for its owner. */
  readonly isBounded: boolean;
  /** Milliseconds since the epoch: from then on it cannot be confirmed any more. */
  readonly endsAt: number;
  /** What became of it. */
  readonly uploadId: string | null;
}

export const ticketMigrations: readonly Migration[] = [
  {
    id: '0010-upload-tickets',
    async up(query) {
      await query.schema
        .createTable('maque_upload_tickets')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('ownerId', 'varchar(32)', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('endsAt', 'bigint', (column) => column.notNull())
        .addColumn('uploadId', 'varchar(32)')
        .execute();
      await query.schema
        .createIndex('maque_upload_tickets_owner')
        .on('maque_upload_tickets')
        .columns(['ownerId', 'endsAt'])
        .execute();
      await query.schema
        .createIndex('maque_upload_tickets_end')
        .on('maque_upload_tickets')
        .columns(['endsAt'])
        .execute();
    },
  },
  {
    id: '0021-private-upload-tickets',
    async up(query) {
      await query.schema
        .alterTable('maque_upload_tickets')
        .addColumn('isPrivate', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await query.schema
        .alterTable('maque_upload_tickets')
        .addColumn('isBounded', 'integer', (column) => column.notNull().defaultTo(1))
        .execute();
    },
  },
];

const INSERT =
  'insert into maque_upload_tickets (id, ownerId, bytes, endsAt, isPrivate, isBounded) values (?, ?, ?, ?, ?, ?)';
const FIND =
  'select id, ownerId, bytes, endsAt, isPrivate, isBounded, uploadId from maque_upload_tickets where id = ?';
const REDEEM = 'update maque_upload_tickets set uploadId = ? where id = ? and uploadId is null';
// One whose upload was deleted counts again: what was sent on it lies in the store until it ends, and may be sent anew.
const PROMISED = `
  select count(*) as files, coalesce(sum(bytes), 0) as bytes from maque_upload_tickets as ticket
  where ownerId = ? and endsAt > ? and id <> ?
    and (uploadId is null or not exists (select 1 from maque_uploads where maque_uploads.id = ticket.uploadId))`;
const ENDED = 'select id from maque_upload_tickets where endsAt <= ? order by endsAt limit ?';
const DELETE = 'delete from maque_upload_tickets where id = ?';

/** As SQL has it, which knows no booleans. */
type StoredTicket = Omit<TicketRow, 'isPrivate' | 'isBounded'> & {
  readonly isPrivate: number;
  readonly isBounded: number;
};

export async function insertTicket(
  connection: DatabaseConnection,
  ticket: Omit<TicketRow, 'uploadId'>,
): Promise<void> {
  const { id, ownerId, bytes, endsAt } = ticket;
  const flags = [ticket.isPrivate ? 1 : 0, ticket.isBounded ? 1 : 0];
  const parameters = [id, ownerId, bytes, endsAt, ...flags];
  await connection.run({ sql: INSERT, parameters });
}

export async function findTicket(connection: DatabaseConnection, id: string): Promise<TicketRow | undefined> {
  const [stored] = await connection.all<StoredTicket>({ sql: FIND, parameters: [id] });
  if (stored === undefined) return undefined;
  return { ...stored, isPrivate: stored.isPrivate === 1, isBounded: stored.isBounded === 1 };
}

/** Makes an upload of a ticket; answers false when that was done before. */
export async function redeemTicket(
  connection: DatabaseConnection,
  id: string,
  uploadId: string,
): Promise<boolean> {
  return (await connection.run({ sql: REDEEM, parameters: [uploadId, id] })).changes > 0;
}

/** What a user may still send on tickets, or has sent and deleted; `except` is a ticket that is not to count. */
export async function promisedTo(
  connection: DatabaseConnection,
  ownerId: string,
  { now, except = '' }: { readonly now: number; readonly except?: string | undefined },
): Promise<Usage> {
  const [promised] = await connection.all<Usage>({ sql: PROMISED, parameters: [ownerId, now, except] });
  return promised ?? { files: 0, bytes: 0 };
}

/** The ids of tickets that have ended, the oldest first. */
export async function endedTickets(
  connection: DatabaseConnection,
  now: number,
  limit: number,
): Promise<string[]> {
  const rows = await connection.all<{ id: string }>({ sql: ENDED, parameters: [now, limit] });
  return rows.map(({ id }) => id);
}

export async function deleteTicket(connection: DatabaseConnection, id: string): Promise<void> {
  await connection.run({ sql: DELETE, parameters: [id] });
}
