import type { Expression } from 'kysely';
import type { DatabaseConnection } from './database.ts';
import type { TextRun } from './text-runs.ts';

/** A column that is searched. */
export interface SearchColumn {
  readonly name: string;
  /** HTML is searched without its tags. */
  readonly isHtml: boolean;
}

/** Which records a search finds: those that have every run somewhere in `within`. */
export interface TextMatch {
  readonly runs: readonly TextRun[];
  readonly within: readonly string[];
  /** And in none of these columns all of them: whoever has was found before. */
  readonly beyond: readonly string[];
}

/**
 * Words in columns of text. A run of a spaced script is found where a word begins with it (`tea` finds `teapot`), one of
 * an unspaced script wherever it stands, from one character on (`茶` finds `绿茶`). SQLite keeps FTS5 tables of single
 * characters and pairs, filled by triggers; MySQL has full-text indexes with its `ngram` parser over a copy of the columns.
 */
export interface TextSearch {
  /** Makes the index of a table, with the records that are there. It follows every write by itself from then on. */
  create(connection: DatabaseConnection, table: string, columns: readonly SearchColumn[]): Promise<void>;
  drop(connection: DatabaseConnection, table: string): Promise<void>;
  /**
   * A subquery of what matches: `recordId`, and `place`, a whole number that a record keeps as long as it lives and that
   * is higher for what came later. Read by `place` backwards it is walked only as far as needed.
   * @param pattern what {@link pattern} gives.
   */
  matching(
    table: string,
    columns: Pick<TextMatch, 'within' | 'beyond'>,
    pattern: Expression<string>,
  ): Expression<unknown>;
  pattern(match: TextMatch): string;
}
