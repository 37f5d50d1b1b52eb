import { type Milliseconds, RecentMap } from '@maque/kit';
import { type Compilable, type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from '../../define/condition.ts';
import type { Database, DatabaseConnection, DatabaseDialect, DynamicTables } from '../../ports/database.ts';
import type { TextMatch } from '../../ports/text-search.ts';
import { parametersOf } from './condition-shape.ts';
import { ConditionSql } from './condition-sql.ts';
import { deletionTest } from './deletion-test.ts';
import type { Position } from './list-order.ts';
import type { Column, RecordModel } from './record-model.ts';
import { shapeOfBytes, storedBytes } from './row-bytes.ts';
import { findsNothing, type SearchQuery, tiersOf } from './search-query.ts';
import { bindTemplate, compileTemplate, Slot, type StatementTemplate } from './statement-template.ts';
import { timeForList } from './time-for-list.ts';

export interface SearchSelection {
  readonly search: SearchQuery;
  readonly condition: Condition;
  /** The user that conditions on the caller are about. */
  readonly callerId: string | undefined;
  /** For how long to look; for ever unless told. */
  readonly maxMs?: Milliseconds | undefined;
  /** Only what comes after this place. */
  readonly after?: Position | undefined;
  readonly limit: number;
  /** The columns of each row, in this order. */
  readonly columns: readonly Column[];
  /** Adds to the end of each row what it takes in these columns. */
  readonly bytesOf?: readonly Column[] | undefined;
}

export interface FoundRows {
  readonly rows: unknown[][];
  /** The place of each row in the list: its tier, and its place in the index. */
  readonly positions: readonly Position[];
}

// Collections times tiers times what rules and filters they are searched with.
const MAX_TEMPLATES = 100;
// Where the order is another than relevance, what matches is listed first and then sorted: 1.4 µs a match (measured). Of a
// word that is in more records than this, some 30 ms, the records are looked at one by one in their order instead, at 25 µs
// each: the page is soon full, and so it is where a rule leaves few records to look at.
const LISTED_MAX = 20_000;
/** The values of a template: the pattern, the place, the limit; then those of the condition. */
const slots = { pattern: new Slot(0), before: new Slot(1), limit: new Slot(2), condition: 3 };

/** Lists of what a search finds, the most telling first and of those the latest. Each page costs what it shows. */
export class RecordSearch {
  readonly #database: Database;
  readonly #templates = new RecentMap<string, StatementTemplate>(MAX_TEMPLATES);

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether so many records match that they are not to be listed first: see {@link isFound}. */
  async findsMany(connection: DatabaseConnection, model: RecordModel, search: SearchQuery): Promise<boolean> {
    const { query, dialect } = this.#database;
    const key = `many ${model.name} ${search.fields.join()}`;
    let template = this.#templates.get(key);
    if (template === undefined) {
      const found = matching(dialect, model, search, slots.pattern);
      const many = sql`(select 1 as one from ${found} as _found limit ${sql.lit(LISTED_MAX + 1)})`;
      template = compileTemplate(
        query.selectFrom(many.as('_many')).select((count) => count.fn.countAll().as('count')),
      );
      this.#templates.set(key, template);
    }
    const values = [foundPattern(dialect, search), 0, 0];
    const [row] = await connection.arrays(bindTemplate(template, values));
    return Number(row?.[0]) > LISTED_MAX;
  }

  async select(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: SearchSelection,
  ): Promise<FoundRows> {
    const { search, after, limit, maxMs } = selection;
    const rows: unknown[][] = [];
    const positions: Position[] = [];
    if (findsNothing(search)) return { rows, positions };
    const [firstTier, firstPlace] = (after ?? [0, Number.MAX_SAFE_INTEGER]) as [number, number];
    const tiers = tiersOf(search);
    const refuseLate = timeForList(maxMs);
    for (let tier = firstTier; tier < tiers.length && rows.length < limit; tier += 1) {
      refuseLate();
      const before = tier === firstTier ? firstPlace : Number.MAX_SAFE_INTEGER;
      const wanted = { ...selection, limit: limit - rows.length };
      for (const row of await this.#tier(connection, model, wanted, tiers[tier] as TextMatch, before)) {
        positions.push([tier, row.pop() as number]);
        rows.push(row);
      }
    }
    return { rows, positions };
  }

  #tier(
    connection: DatabaseConnection,
    model: RecordModel,
    { condition, callerId, maxMs, columns, bytesOf, limit }: SearchSelection,
    match: TextMatch,
    before: number,
  ): Promise<unknown[][]> {
    const { shape, values } = parametersOf(model, condition, { callerId, maxMs });
    const names = columns === model.columns ? '*' : columns.map(({ name }) => name).join();
    const key = `${model.name} ${match.within.join()} ${match.beyond.join()} ${names}${shapeOfBytes(bytesOf)} ${shape}`;
    let template = this.#templates.get(key);
    if (template === undefined) {
      template = compileTemplate(this.#query(model, { condition, callerId, maxMs, columns, bytesOf }, match));
      this.#templates.set(key, template);
    }
    const pattern = this.#database.dialect.textSearch.pattern(match);
    return connection.arrays(bindTemplate(template, [pattern, before, limit, ...values]));
  }

  #query(
    model: RecordModel,
    { condition, callerId, maxMs, columns, bytesOf }: Omit<SearchSelection, 'search' | 'after' | 'limit'>,
    match: TextMatch,
  ): Compilable {
    const { query, dialect } = this.#database;
    const found = dialect.textSearch.matching(model.name, match, sql`${slots.pattern}`);
    return query
      .selectFrom(sql`${found}`.as('_found'))
      .innerJoin(model.name, `${model.name}.id`, '_found.recordId')
      .select(columns.map(({ name }) => `${model.name}.${name}`))
      .select(storedBytes(bytesOf, model.name))
      .select('_found.place as searchPlace')
      .where((where) => {
        const about = { callerId, maxMs };
        const fitting = new ConditionSql(where, dialect, about, slots.condition).of(model, condition);
        const isBefore = where('_found.place', '<', slots.before as never);
        return where.and([isBefore, fitting, ...deletionTest(where, model, 'kept')]);
      })
      .orderBy('_found.place', 'desc')
      .limit((of: ExpressionBuilder<DynamicTables, string>) => of.val(slots.limit as never));
  }
}

/**
 * Whether a search finds a record: for lists in another order than relevance.
 * @param how `findsMany` where each record is looked at by itself; the statement has `maxMs` to list all that match.
 */
export function isFound(
  dialect: DatabaseDialect,
  model: RecordModel,
  search: SearchQuery,
  pattern: Slot,
  {
    findsMany = false,
    maxMs,
  }: { readonly findsMany?: boolean | undefined; readonly maxMs?: Milliseconds | undefined },
): Expression<SqlBool> {
  const found = sql`${matching(dialect, model, search, pattern)} as _found`;
  const id = sql.ref(`${model.name}.id`);
  if (findsMany) return sql<SqlBool>`exists (select 1 from ${found} where _found."recordId" = ${id})`;
  const inTime = maxMs === undefined ? sql`` : sql` where ${dialect.withinTime(maxMs)}`;
  return sql<SqlBool>`${id} in (select _found."recordId" from ${found}${inTime})`;
}

function matching(
  { textSearch }: DatabaseDialect,
  model: RecordModel,
  { fields }: SearchQuery,
  pattern: Slot,
): Expression<unknown> {
  return textSearch.matching(model.name, { within: fields, beyond: [] }, sql`${pattern}`);
}

/** The value for the slot that {@link isFound} was given. */
export function foundPattern(dialect: DatabaseDialect, { runs, fields }: SearchQuery): string {
  return dialect.textSearch.pattern({ runs, within: fields, beyond: [] });
}
