/** Runs in a thread of its own: reads all of a database file and tells what is in it, or what is wrong with it. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Verdict } from './verify-sqlite.ts';

// One of them is enough to call a file damaged; a few more help who has to see what is left of it.
const MOST_FAULTS = 5;

function verdict(): Verdict {
  const database = new DatabaseSync(workerData, { readOnly: true });
  try {
    const found = database.prepare("select name, type from pragma_table_list where schema = 'main'").all();
    const names = (kinds: readonly string[]) =>
      found.filter(({ type }) => kinds.includes(String(type))).map(({ name }) => String(name));
    // Table by table: a thread can be ended only between two statements.
    const faults = names(['table', 'shadow']).flatMap((name) => faultsOf(database, name));
    if (faults.length > 0) return { reason: faults.slice(0, MOST_FAULTS).join('; ') };
    const own = names(['table']).filter((name) => !name.startsWith('sqlite_'));
    return { content: { tables: own.sort().map((name) => ({ name, rows: rowsIn(database, name) })) } };
  } finally {
    database.close();
  }
}

function faultsOf(database: DatabaseSync, table: string): string[] {
  return database
    .prepare(`pragma integrity_check(${quoted(table)})`)
    .all()
    .map((row) => String(row.integrity_check))
    .filter((line) => line !== 'ok');
}

function rowsIn(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`select count(*) as n from ${quoted(table)}`).get()?.n);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

try {
  parentPort?.postMessage(verdict());
} catch (error) {
  const { message } = error as Error;
  parentPort?.postMessage({ reason: message } satisfies Verdict);
}
