import type { DatabaseConnection, Migration } from '../../ports/index.ts';

export interface AuditRow {
  /** Sorts by time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actorKind: 'staff' | 'machine' | 'user';
  readonly actorId: string;
  /** As the member of staff or the key was called then; null for users. */
  readonly actorName: string | null;
  /** Method and route: `PATCH /api/products/:id`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly target: string | null;
  readonly status: number;
  readonly ip: string | null;
  readonly requestId: string;
  /** JSON. */
  readonly details: string | null;
}

export const auditMigrations: readonly Migration[] = [
  {
    id: '0024-audit',
    async up({ schema }) {
      await schema
        .createTable('maque_audit')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('actorKind', 'varchar(8)', (column) => column.notNull())
        .addColumn('actorId', 'varchar(32)', (column) => column.notNull())
        .addColumn('actorName', 'varchar(64)')
        .addColumn('action', 'varchar(200)', (column) => column.notNull())
        .addColumn('target', 'varchar(64)')
        .addColumn('status', 'integer', (column) => column.notNull())
        .addColumn('ip', 'varchar(45)')
        .addColumn('requestId', 'varchar(40)', (column) => column.notNull())
        .addColumn('details', 'text')
        .execute();
      await schema.createIndex('maque_audit_actor').on('maque_audit').columns(['actorId', 'id']).execute();
      await schema.createIndex('maque_audit_target').on('maque_audit').columns(['target', 'id']).execute();
    },
  },
];

// The name is that of now: it may be another tomorrow, and its bearer gone.
const INSERT =
  'insert into maque_audit (id, at, actorKind, actorId, actorName, action, target, status, ip, requestId, details) values ' +
  '(?, ?, ?, ?, coalesce((select name from maque_admins where id = ?), (select name from maque_api_keys where id = ?)), ?, ?, ?, ?, ?, ?)';
const RETELL = 'update maque_audit set details = ? where id = ?';
const FORGET = 'delete from maque_audit where id < ?';
const OLDEST_KEPT = 'select id from maque_audit order by id desc limit 1 offset ?';

export async function insertAudit(
  connection: DatabaseConnection,
  row: Omit<AuditRow, 'actorName'>,
): Promise<void> {
  const { id, at, actorKind, actorId, action, target, status, ip, requestId, details } = row;
  const who = [id, at, actorKind, actorId, actorId, actorId];
  await connection.run({
    sql: INSERT,
    parameters: [...who, action, target, status, ip, requestId, details],
  });
}

/** Tells other details in an entry. @param details JSON. */
export async function retellAudit(
  connection: DatabaseConnection,
  id: string,
  details: string,
): Promise<void> {
  await connection.run({ sql: RETELL, parameters: [details, id] });
}

export interface AuditQuery {
  readonly actor?: string | null;
  readonly target?: string | null;
  /** An id: only what is older. */
  readonly before?: string | null;
  readonly limit: number;
}

/** The newest first. */
export function listAudit(
  connection: DatabaseConnection,
  { actor, target, before, limit }: AuditQuery,
): Promise<AuditRow[]> {
  const conditions: [string, string | null | undefined][] = [
    ['actorId = ?', actor],
    ['target = ?', target],
    ['id < ?', before],
  ];
  const asked = conditions.filter(([, value]) => typeof value === 'string');
  const where = asked.length === 0 ? '' : `where ${asked.map(([condition]) => condition).join(' and ')}`;
  return connection.all<AuditRow>({
    sql: `select id, at, actorKind, actorId, actorName, action, target, status, ip, requestId, details from maque_audit ${where} order by id desc limit ?`,
    parameters: [...asked.map(([, value]) => value), limit],
  });
}

/** Deletes what has an id before this one. */
export async function forgetAudit(connection: DatabaseConnection, beforeId: string): Promise<void> {
  await connection.run({ sql: FORGET, parameters: [beforeId] });
}

/** The id of the oldest of the newest `count` entries; undefined when there are no more than that. */
export async function idOfNewest(connection: DatabaseConnection, count: number): Promise<string | undefined> {
  const [row] = await connection.all<{ id: string }>({ sql: OLDEST_KEPT, parameters: [count - 1] });
  return row?.id;
}
