import { type Bytes, MiB } from '@maque/kit';
import type { Component } from '../component.ts';
import { inMiB } from '../in-mebibytes.ts';

/** One for reading and one for writing, so that a page is read while a transaction is open. */
const SQLITE_CONNECTIONS = 2;

/** Page cache of the two SQLite connections of a worker. */
export function sqliteCache(): Component {
  const step: Bytes = SQLITE_CONNECTIONS * MiB;
  return {
    code: 'SQLITE',
    name: { en: 'SQLite page cache', zh: 'SQLite 页缓存' },
    // 2 MiB a connection is SQLite's own default; above 16 the kernel's page cache does the same for all workers.
    floorBytes: 2 * step,
    ceilingBytes: 16 * step,
    weight: 15,
    settle: (offered) => Math.floor(offered / step) * step,
    formula: (bytes) => `${SQLITE_CONNECTIONS} × ${inMiB(bytes / SQLITE_CONNECTIONS)}`,
    source: { en: 'connections × PRAGMA cache_size', zh: '连接数 × PRAGMA cache_size' },
  };
}
