import { type Bytes, KiB, MiB } from '@maque/kit';
import type { PlannedDatabase } from '../../../plan/box/planned-service.ts';

/** Global buffers with which the base of the plan was measured. */
export const SMALL_BUFFERS = {
  logBuffer: 4 * MiB,
  /** Aria has MariaDB's temporary tables on disk; nothing of the user is in it. */
  ariaCache: 8 * MiB,
  /** MyISAM: only system tables of old servers. */
  keyBuffer: MiB,
  openTables: 200,
  tableDefinitions: 400,
} as const;

const LEAST_REDO: Bytes = 48 * MiB;
const MOST_REDO: Bytes = 256 * MiB;
/** MySQL allows no less. */
const LEAST_TEMPTABLE: Bytes = 2 * MiB;

/** Never more than the plan: InnoDB rounds up to whole chunks. */
export function poolBytes({ poolBytes: planned }: PlannedDatabase): Bytes {
  return Math.floor(planned / MiB) * MiB;
}

/** Half of the pool: what changes in some minutes of heavy writing. */
export function redoBytes(planned: PlannedDatabase): Bytes {
  const half = Math.floor(poolBytes(planned) / 2 / MiB) * MiB;
  return Math.min(MOST_REDO, Math.max(LEAST_REDO, half));
}

/** All temporary tables of MySQL 8 together: one for each query that runs. */
export function temptableBytes({ temporaryTableBytes, busyConnections }: PlannedDatabase): Bytes {
  return Math.max(LEAST_TEMPTABLE, busyConnections * temporaryTableBytes);
}

/** `192M`, `256K`. */
export function optionSize(bytes: Bytes): string {
  if (bytes % MiB === 0) return `${bytes / MiB}M`;
  return bytes % KiB === 0 ? `${bytes / KiB}K` : String(bytes);
}
