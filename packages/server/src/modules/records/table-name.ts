import { hash } from 'node:crypto';

// MySQL takes names of 64 characters, SQLite of any length; the rest is for what a table's indexes are called after it.
// https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html
const MAX_LENGTH = 56;
const HASH_LENGTH = 8;

/** A name of a table or an index that every engine takes; one that is too long ends in a hash of the whole. */
export function engineName(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const end = hash('sha256', name, 'hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${end}`;
}

/** The table of what belongs to one field of a collection. */
export function tableName(collection: string, field: string): string {
  return engineName(`${collection}__${field}`);
}

/** The table of the uploads, which file fields refer to. */
export const UPLOADS_TABLE = 'maque_uploads';
