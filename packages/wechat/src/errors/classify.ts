import { errcodeRows, rowsByPath, unknownErrcodeRow } from './errcode-table.ts';
import type { FailureRow } from './failure-row.ts';

/** What an errcode means where it came from. The only place that tells errcodes apart. */
export function classify(errcode: number, path: string): FailureRow {
  return rowsByPath[path]?.[errcode] ?? errcodeRows[errcode] ?? unknownErrcodeRow;
}
