import type { Milliseconds } from '@maque/kit';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from '../../define/condition.ts';
import type { Database, DatabaseConnection, DatabaseDialect, DynamicTables } from '../../ports/database.ts';
import { type ConditionSubject, padToPowerOfTwo, parametersOf } from './condition-shape.ts';
import { ConditionSql } from './condition-sql.ts';
import { deletionTest } from './deletion-test.ts';
import { listParameters, listQuery, type Selection } from './list-sql.ts';
import {
  type Circle,
  circleOf,
  firstRing,
  nextRing,
  RING_MAX,
  withCircle,
  withinMeters,
} from './nearest-rings.ts';
import type { PlanGuard } from './plan-guard.ts';
import type { RecordModel } from './record-model.ts';
import {
  type FoundRows,
  foundPattern,
  isFound,
  RecordSearch,
  type SearchSelection,
} from './record-search.ts';
import { findsNothing, type SearchQuery } from './search-query.ts';
import { type Candidate, candidatesBeside, fewOf, sparseCandidates } from './sparse-parts.ts';
import { bindTemplate, Slot, type StatementTemplates } from './statement-template.ts';
import { timeForList } from './time-for-list.ts';

/** Records that a condition lets through, and the user whom it is about. */
export interface Fitting {
  readonly of: Condition;
  readonly callerId: string | undefined;
  /** For how long to look; for ever unless told. */
  readonly maxMs?: Milliseconds | undefined;
}

/** What is counted. */
export interface Counted extends Fitting {
  /** Counts up to this and no further. */
  readonly max: number;
  /** Only what is found by it. */
  readonly search?: SearchQuery | undefined;
}

/** Queries on many records of a collection. */
export class RecordLists {
  readonly #database: Database;
  readonly #templates: StatementTemplates;
  readonly #search: RecordSearch;
  readonly #plans: PlanGuard | undefined;

  /** @param plans looks at how lists are read. */
  constructor(database: Database, templates: StatementTemplates, plans?: PlanGuard) {
    this.#database = database;
    this.#templates = templates;
    this.#search = new RecordSearch(database);
    this.#plans = plans;
  }

  /**
   * A page of rows: the columns that are asked for, then what `rowValue` finds beside them.
   * Parts of the condition that few records fit are counted first, one query each: see `sparse-parts`.
   * @throws CodedError INDEX_MISSING: see `plan-guard`; QUERY_TOO_COSTLY after `maxMs`.
   */
  select(connection: DatabaseConnection, model: RecordModel, selection: Selection): Promise<unknown[][]> {
    return selection.search === undefined
      ? this.#listed(connection, model, selection)
      : this.#found(connection, model, selection, selection.search);
  }

  /** What a search finds, in the order of a sort. */
  async #found(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: Selection,
    search: SearchQuery,
  ): Promise<unknown[][]> {
    if (findsNothing(search)) return [];
    const findsMany = await this.#search.findsMany(connection, model, search);
    return this.#listed(connection, model, { ...selection, findsMany });
  }

  #listed(connection: DatabaseConnection, model: RecordModel, selection: Selection): Promise<unknown[][]> {
    const { condition, callerId, maxMs } = selection;
    const circle = circleOf(selection);
    if (circle !== undefined) return this.#nearest(connection, model, selection, circle);
    const candidates = sparseCandidates(model, condition);
    if (candidates.length === 0) return this.#page(connection, model, selection, { callerId, maxMs });
    return this.#sparsePage(connection, model, selection, candidates);
  }

  /** A page that is worth a look at what few records have. */
  async #sparsePage(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: Selection,
    candidates: readonly Candidate[],
  ): Promise<unknown[][]> {
    const refuseLate = timeForList(selection.maxMs);
    const about = await this.#subjectOf(connection, model, candidates, selection, refuseLate);
    refuseLate();
    return this.#page(connection, model, selection, about);
  }

  /**
   * A page in the order of distance, ring by ring: of what few records fit beside the circle all, as soon as that is
   * less than what is in a ring.
   */
  async #nearest(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: Selection,
    circle: Circle,
  ): Promise<unknown[][]> {
    const refuseLate = timeForList(selection.maxMs);
    const candidates = candidatesBeside(model, selection.condition, circle);
    const about = await this.#subjectOf(connection, model, candidates, selection, refuseLate);
    const hasOthers = about.dense !== undefined && about.dense.size > 0;
    let meters = firstRing(selection);
    while (about.sparse === undefined) {
      const isAll = meters >= circle.near.meters;
      const ring = isAll ? circle : withinMeters(circle, meters);
      refuseLate();
      if (hasOthers && (await this.#holdsMany(connection, model, ring, selection))) break;
      refuseLate();
      const rows = await this.#page(connection, model, withCircle(selection, circle, ring), about);
      if (isAll || rows.length === selection.limit) return rows;
      meters = nextRing(selection, meters, rows.length);
    }
    refuseLate();
    return this.#page(connection, model, selection, { ...about, dense: new Set([circle]) });
  }

  /** Whether so many are in a ring that reading all of them is worse than what else leads to the records. */
  async #holdsMany(
    connection: DatabaseConnection,
    model: RecordModel,
    ring: Circle,
    { callerId, maxMs }: ConditionSubject,
  ): Promise<boolean> {
    const max = RING_MAX + 1;
    return (await this.count(connection, model, { of: ring, callerId, maxMs, max })) === max;
  }

  /** A page of what a search finds, in order of relevance: see `search-query`. */
  search(connection: DatabaseConnection, model: RecordModel, selection: SearchSelection): Promise<FoundRows> {
    return this.#search.select(connection, model, selection);
  }

  /** How many records fit, up to `max`. */
  async count(
    connection: DatabaseConnection,
    model: RecordModel,
    { of, callerId, maxMs, search, max }: Counted,
  ): Promise<number> {
    if (search !== undefined && findsNothing(search)) return 0;
    // All of a circle is counted, for which an index of places is the best way however many there are.
    const candidates = sparseCandidates(model, of).filter(({ kind }) => kind !== 'near');
    const refuseLate = timeForList(maxMs);
    const about = await this.#subjectOf(connection, model, candidates, { callerId, maxMs }, refuseLate);
    refuseLate();
    const { shape, values } = parametersOf(model, of, about);
    const { query, dialect } = this.#database;
    const patternSlot = new Slot(values.length);
    if (search !== undefined) values.push(foundPattern(dialect, search));
    const template = this.#templates.get(
      `count ${max} ${model.name} ${search?.fields.join() ?? ''} ${shape}`,
      () => {
        const fitting = query
          .selectFrom(model.name)
          .select(sql`1`.as('one'))
          .where((where) => fittingExpression(where, dialect, model, { ...about, of }));
        const found =
          search === undefined
            ? fitting
            : fitting.where(isFound(dialect, model, search, patternSlot, { maxMs }));
        return query
          .selectFrom(found.limit(sql<number>`${sql.lit(max)}`).as('counted'))
          .select((count) => count.fn.countAll().as('count'));
      },
    );
    const [row] = await connection.arrays(bindTemplate(template, values));
    return Number(row?.[0]);
  }

  /** Whether one of these ids, at most 1,000, is that of a record that fits. */
  async anyFits(
    connection: DatabaseConnection,
    model: RecordModel,
    ids: readonly string[],
    { of, callerId }: Fitting,
  ): Promise<boolean> {
    if (ids.length === 0) return false;
    const padded = padToPowerOfTwo(ids);
    const { shape, values } = parametersOf(model, of, { callerId });
    const template = this.#templates.get(`any ${model.name} ${padded.length} ${shape}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select('id')
        .where('id', 'in', padded.map((_, position) => new Slot(position)) as never)
        .where((where) =>
          fittingExpression(where, this.#database.dialect, model, { of, callerId }, padded.length),
        )
        .limit(1),
    );
    return (await connection.arrays(bindTemplate(template, [...padded, ...values]))).length > 0;
  }

  #page(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: Selection,
    about: ConditionSubject,
  ): Promise<unknown[][]> {
    const { shape, values } = listParameters(this.#database, model, selection, about);
    const template = this.#templates.get(`select ${shape}`, () =>
      listQuery(this.#database, model, selection, about),
    );
    const statement = bindTemplate(template, values);
    const { condition, sort } = selection;
    const looking = this.#plans?.check({ model, condition, sort, template, statement });
    if (looking === undefined) return connection.arrays(statement);
    return looking.then(() => connection.arrays(statement));
  }

  /** With the first of the candidates that few records fit, if there is one. */
  async #subjectOf(
    connection: DatabaseConnection,
    model: RecordModel,
    candidates: readonly Candidate[],
    { callerId, maxMs }: ConditionSubject,
    refuseLate: () => void,
  ): Promise<ConditionSubject> {
    const dense = new Set<Condition>();
    for (const candidate of candidates) {
      refuseLate();
      const about = { callerId, maxMs, sparse: new Set<Condition>([candidate]) };
      const { shape, values } = parametersOf(model, candidate, about);
      const template = this.#templates.get(`few ${model.name} ${shape}`, () =>
        this.#database.query
          .selectFrom((from) =>
            new ConditionSql(from as never, this.#database.dialect, about)
              .idsFitting(model, candidate)
              .limit(fewOf(candidate) + 1)
              .as('few'),
          )
          .select((few) => few.fn.countAll().as('count')),
      );
      const [row] = await connection.arrays(bindTemplate(template, values));
      if (Number(row?.[0]) <= fewOf(candidate)) return { ...about, dense };
      if (candidate.kind !== 'has' && candidate.kind !== 'related') dense.add(candidate);
    }
    return { callerId, maxMs, dense };
  }
}

/** Whether a record that is not deleted fits: for the table that a query reads by its own name. */
export function fittingExpression(
  where: ExpressionBuilder<DynamicTables, string>,
  dialect: DatabaseDialect,
  model: RecordModel,
  { of, ...about }: ConditionSubject & { readonly of: Condition },
  firstSlot = 0,
): Expression<SqlBool> {
  const fitting = new ConditionSql(where, dialect, about, firstSlot).of(model, of);
  return where.and([fitting, ...deletionTest(where, model, 'kept')]);
}
