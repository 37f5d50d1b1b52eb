import { type Milliseconds, RecentMap } from '@maque/kit';
import {
  type Compilable,
  type Expression,
  type ExpressionBuilder,
  type RawBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { Condition } from '../../define/condition.ts';
import type { Database, DatabaseConnection, DynamicTables, SqlValue } from '../../ports/database.ts';
import { type ConditionSubject, padToPowerOfTwo, parametersOf } from './condition-shape.ts';
import { ConditionSql } from './condition-sql.ts';
import { deletionTest } from './deletion-test.ts';
import { LinkStore } from './link-store.ts';
import { listParameters, listQuery, type Selection } from './list-sql.ts';
import { type Circle, circleOf, ringsOf } from './nearest-rings.ts';
import type { PlanGuard } from './plan-guard.ts';
import { modelField, type RecordModel } from './record-model.ts';
import {
  type FoundRows,
  foundPattern,
  isFound,
  RecordSearch,
  type SearchSelection,
} from './record-search.ts';
import { findsNothing, type SearchQuery } from './search-query.ts';
import { type Candidate, SPARSE_MAX, sparseCandidates } from './sparse-parts.ts';
import { bindTemplate, compileTemplate, Slot, type StatementTemplate } from './statement-template.ts';

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
  /** Only what is found by it, of which the latest 10,000 are looked at. */
  readonly search?: SearchQuery | undefined;
}

/** What is written to one record. */
export interface Update {
  readonly names: readonly string[];
  /** As they are stored, in the order of the names. */
  readonly values: readonly SqlValue[];
  readonly now: Milliseconds;
  /** Only of this version: its `updatedAt`. */
  readonly version?: Milliseconds;
  /** Records that are there, unless told: or those that were deleted softly. */
  readonly of?: 'kept' | 'deleted';
}

// Shapes of lists, updates and lookups: some hundred in use for an app of 30 collections, at 1 to 3 KiB each. What
// strangers can vary (filters) falls out again.
const MAX_TEMPLATES = 500;

const slots = Array.from({ length: 8 }, (_, position) => new Slot(position));
const slot = (position: number): Slot => slots[position] ?? new Slot(position);

/** Queries on the tables of collections. SQL is compiled once a shape; rules are not its business. */
export class RecordStore {
  readonly links: LinkStore;
  readonly #database: Database;
  readonly #templates = new RecentMap<string, StatementTemplate>(MAX_TEMPLATES);
  readonly #search: RecordSearch;
  readonly #plans: PlanGuard | undefined;

  /**
   * @param database whose dialect compiles; the connection to run on comes with each call.
   * @param plans looks at how lists are read.
   */
  constructor(database: Database, plans?: PlanGuard) {
    this.#plans = plans;
    this.links = new LinkStore(database);
    this.#database = database;
    this.#search = new RecordSearch(database);
  }

  /** The row of all columns, when there is one that fits. */
  async find(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    condition?: Fitting,
  ): Promise<readonly unknown[] | undefined> {
    const extra = condition === undefined ? undefined : parametersOf(model, condition.of, condition);
    const template = this.#template(`find ${model.name} ${extra?.shape ?? ''}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select(model.columnNames)
        .where((where) =>
          where.and([
            where('id', '=', slot(0)),
            ...deletionTest(where, model, 'kept'),
            ...(condition === undefined ? [] : [this.#fitting(where, model, condition.of, condition, 1)]),
          ]),
        ),
    );
    const [row] = await connection.arrays(bindTemplate(template, [id, ...(extra?.values ?? [])]));
    return row;
  }

  /** The row of all columns of a record that was deleted softly. */
  async findDeleted(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
  ): Promise<readonly unknown[] | undefined> {
    const template = this.#template(`find deleted ${model.name}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select(model.columnNames)
        .where((where) => where.and([where('id', '=', slot(0)), ...deletionTest(where, model, 'deleted')])),
    );
    const [row] = await connection.arrays(bindTemplate(template, [id]));
    return row;
  }

  /** The rows of all columns of those ids that exist. */
  findMany(connection: DatabaseConnection, model: RecordModel, ids: readonly string[]): Promise<unknown[][]> {
    const length = 2 ** Math.ceil(Math.log2(ids.length));
    const padded = [...ids, ...new Array<string>(length - ids.length).fill(ids.at(-1) ?? '')];
    const template = this.#template(`findMany ${model.name} ${length}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select(model.columnNames)
        .where((where) => {
          const slots = padded.map((_, position) => slot(position) as never);
          return where.and([where('id', 'in', slots), ...deletionTest(where, model, 'kept')]);
        }),
    );
    return connection.arrays(bindTemplate(template, padded));
  }

  /**
   * A page of rows: the columns that are asked for, then what `rowValue` finds beside them.
   * Parts of the condition that few records fit are counted first, one query each: see `sparse-parts`.
   * @throws CodedError INDEX_MISSING: see `plan-guard`.
   */
  select(connection: DatabaseConnection, model: RecordModel, selection: Selection): Promise<unknown[][]> {
    const { condition, callerId, search, maxMs } = selection;
    if (search !== undefined && findsNothing(search)) return Promise.resolve([]);
    const circle = circleOf(selection);
    const candidates = sparseCandidates(model, condition).filter((candidate) => candidate !== circle);
    if (candidates.length === 0 && circle === undefined)
      return this.#page(connection, model, selection, { callerId, maxMs });
    return this.#searchedPage(connection, model, selection, { candidates, circle });
  }

  /** A page that is worth a look at what is where. */
  async #searchedPage(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: Selection,
    {
      candidates,
      circle,
    }: { readonly candidates: readonly Candidate[]; readonly circle: Circle | undefined },
  ): Promise<unknown[][]> {
    const about = await this.#subjectOf(connection, model, candidates, selection);
    const isSmall = circle === undefined || about.sparse !== undefined;
    for (const ring of isSmall ? [] : ringsOf(selection, circle)) {
      const rows = await this.#page(connection, model, ring, about);
      if (rows.length === selection.limit) return rows;
    }
    return this.#page(connection, model, selection, about);
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
    const about = await this.#subjectOf(connection, model, candidates, { callerId, maxMs });
    const { shape, values } = parametersOf(model, of, about);
    const { query, dialect } = this.#database;
    const patternSlot = new Slot(values.length);
    if (search !== undefined) values.push(foundPattern(dialect, search));
    const template = this.#template(`count ${model.name} ${search?.fields.join() ?? ''} ${shape}`, () => {
      const fitting = query
        .selectFrom(model.name)
        .select(sql`1`.as('one'))
        .where((where) => this.#fitting(where, model, of, about));
      const found =
        search === undefined ? fitting : fitting.where(isFound(dialect, model, search, patternSlot));
      return query
        .selectFrom(found.limit(sql<number>`${sql.lit(max)}`).as('counted'))
        .select((count) => count.fn.countAll().as('count'));
    });
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
    const template = this.#template(`any ${model.name} ${padded.length} ${shape}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select('id')
        .where('id', 'in', padded.map((_, position) => slot(position)) as never)
        .where((where) => this.#fitting(where, model, of, { callerId }, padded.length))
        .limit(1),
    );
    return (await connection.arrays(bindTemplate(template, [...padded, ...values]))).length > 0;
  }

  /** @param values of all columns, in order. @throws DuplicateValueError, BrokenReferenceError. */
  async insert(
    connection: DatabaseConnection,
    model: RecordModel,
    values: readonly SqlValue[],
  ): Promise<void> {
    const template = this.#template(`insert ${model.name}`, () =>
      this.#database.query
        .insertInto(model.name)
        .values(Object.fromEntries(model.columnNames.map((name, position) => [name, slot(position)]))),
    );
    await connection.run(bindTemplate(template, values));
  }

  /**
   * Sets columns of one record and makes it a new version; answers whether it is there.
   * @throws DuplicateValueError, BrokenReferenceError.
   */
  async update(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    { names, values, now, version, of = 'kept' }: Update,
  ): Promise<boolean> {
    const ofVersion = version === undefined ? '' : 'version';
    const template = this.#template(`update ${of} ${ofVersion} ${model.name} ${names.join()}`, () =>
      this.#database.query
        .updateTable(model.name)
        .set((set) => ({
          ...Object.fromEntries(names.map((name, position) => [name, slot(position)])),
          updatedAt: risingTime(set, names.length),
        }))
        .where((where) =>
          where.and([
            where('id', '=', slot(names.length + 1)),
            ...deletionTest(where, model, of),
            ...(version === undefined ? [] : [where('updatedAt', '=', slot(names.length + 2) as never)]),
          ]),
        ),
    );
    const { changes } = await connection.run(bindTemplate(template, [...values, now, id, version ?? 0]));
    return changes > 0;
  }

  /** Adds to numbers of one record where all of them stay within their fields' bounds; answers whether it did. */
  async increment(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    increments: Readonly<Record<string, number>>,
    now: Milliseconds,
  ): Promise<boolean> {
    const names = Object.keys(increments);
    const template = this.#template(`increment ${model.name} ${names.join()}`, () =>
      this.#incrementQuery(model, names),
    );
    const { changes } = await connection.run(bindTemplate(template, [id, now, ...Object.values(increments)]));
    return changes > 0;
  }

  async delete(connection: DatabaseConnection, model: RecordModel, id: string): Promise<boolean> {
    const template = this.#template(`delete ${model.name}`, () =>
      this.#database.query.deleteFrom(model.name).where('id', '=', slot(0)),
    );
    const { changes } = await connection.run(bindTemplate(template, [id]));
    return changes > 0;
  }

  #page(
    connection: DatabaseConnection,
    model: RecordModel,
    selection: Selection,
    about: ConditionSubject,
  ): Promise<unknown[][]> {
    const { shape, values } = listParameters(this.#database, model, selection, about);
    const template = this.#template(`select ${shape}`, () =>
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
  ): Promise<ConditionSubject> {
    const dense = new Set<Condition>();
    for (const candidate of candidates) {
      const about = { callerId, maxMs, sparse: new Set<Condition>([candidate]) };
      const { shape, values } = parametersOf(model, candidate, about);
      const template = this.#template(`few ${model.name} ${shape}`, () =>
        this.#database.query
          .selectFrom((from) =>
            new ConditionSql(from as never, this.#database.dialect, about)
              .idsFitting(model, candidate)
              .limit(SPARSE_MAX + 1)
              .as('few'),
          )
          .selectAll(),
      );
      const found = await connection.arrays(bindTemplate(template, values));
      if (found.length <= SPARSE_MAX) return { ...about, dense };
      if (candidate.kind === 'near') dense.add(candidate);
    }
    return { callerId, maxMs, dense };
  }

  #fitting(
    where: ExpressionBuilder<DynamicTables, string>,
    model: RecordModel,
    condition: Condition,
    about: ConditionSubject,
    firstSlot = 0,
  ): Expression<SqlBool> {
    const fitting = new ConditionSql(where, this.#database.dialect, about, firstSlot).of(model, condition);
    return where.and([fitting, ...deletionTest(where, model, 'kept')]);
  }

  #incrementQuery(model: RecordModel, names: readonly string[]): Compilable {
    return this.#database.query
      .updateTable(model.name)
      .set((set) => ({
        updatedAt: risingTime(set, 1),
        ...(model.declared.authors ? { updatedBy: null } : {}),
        ...Object.fromEntries(
          names.map((name, index) => [name, set(set.ref(name), '+', slot(index + 2) as never)]),
        ),
      }))
      .where((where) =>
        where.and([
          where('id', '=', slot(0)),
          ...deletionTest(where, model, 'kept'),
          ...names.flatMap((name, index) => {
            const sum = where(where.ref(name), '+', slot(index + 2) as never);
            const { min, max } = boundsOf(model, name);
            return [where(sum, '>=', min as never), where(sum, '<=', max as never)];
          }),
        ]),
      );
  }

  #template(shape: string, compile: () => Compilable): StatementTemplate {
    const known = this.#templates.get(shape);
    if (known !== undefined) return known;
    const template = compileTemplate(compile());
    this.#templates.set(shape, template);
    return template;
  }
}

/** Now, or later than what is there: a version comes once, however fast writes follow each other or a clock is set back. */
function risingTime(of: ExpressionBuilder<DynamicTables, string>, nowSlot: number): RawBuilder<number> {
  const now = of.val(slot(nowSlot) as never);
  const before = of.ref('updatedAt');
  return sql<number>`case when ${before} < ${now} then ${now} else ${before} + 1 end`;
}

function boundsOf(model: RecordModel, name: string): { readonly min: number; readonly max: number } {
  const { spec } = modelField(model, name);
  if (spec.kind !== 'int' && spec.kind !== 'money') throw new Error(`${model.name}.${name} is no number`);
  return spec;
}
