import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { DynamicTables, SqlQuery } from '../../../ports/database.ts';

export interface QueryExecution {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Surely reads only. */
  readonly isSelect: boolean;
}

export interface ExecutionResult {
  readonly rows: unknown[];
  readonly changes: number;
}

/** Runs one compiled query wherever it belongs. */
export type ExecuteQuery = (query: QueryExecution) => Promise<ExecutionResult>;

/**
 * Kysely's builder over one of our ways to run a query. Transactions are not Kysely's business here: they are begun by
 * `Database.transaction`, which knows about turns and locks.
 */
export function createSqliteQuery(execute: ExecuteQuery): SqlQuery {
  const connection: DatabaseConnection = {
    executeQuery: <Row>(compiled: CompiledQuery) => executeCompiled<Row>(execute, compiled),
    // biome-ignore lint/correctness/useYield: refuses before the first row
    async *streamQuery() {
      throw new Error('rows are not streamed from SQLite; read them in pages');
    },
  };
  const noTransactions = async (): Promise<void> => {
    throw new Error('use Database.transaction, not Kysely’s');
  };
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      releaseConnection: async () => {},
      beginTransaction: noTransactions,
      commitTransaction: noTransactions,
      rollbackTransaction: noTransactions,
      destroy: async () => {},
    }),
  };
  return new Kysely<DynamicTables>({ dialect });
}

async function executeCompiled<Row>(
  execute: ExecuteQuery,
  { sql, parameters, query }: CompiledQuery,
): Promise<QueryResult<Row>> {
  const { rows, changes } = await execute({ sql, parameters, isSelect: SelectQueryNode.is(query) });
  return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
}
