import type { Milliseconds } from '@maque/kit';
import { type Compilable, type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import type { Database, DatabaseConnection, DynamicTables, SqlValue } from '../../ports/database.ts';
import { parametersOf } from './condition-shape.ts';
import { deletionTest } from './deletion-test.ts';
import { LinkStore } from './link-store.ts';
import type { PlanGuard } from './plan-guard.ts';
import { type Fitting, fittingExpression, RecordLists } from './record-lists.ts';
import { modelField, type RecordModel } from './record-model.ts';
import { bindTemplate, Slot, StatementTemplates } from './statement-template.ts';

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

/** Queries on single records of collections. SQL is compiled once a shape; rules are not its business. */
export class RecordStore {
  readonly links: LinkStore;
  readonly lists: RecordLists;
  readonly #database: Database;
  readonly #templates = new StatementTemplates(MAX_TEMPLATES);

  /**
   * @param database whose dialect compiles; the connection to run on comes with each call.
   * @param plans looks at how lists are read.
   */
  constructor(database: Database, plans?: PlanGuard) {
    this.links = new LinkStore(database);
    this.lists = new RecordLists(database, this.#templates, plans);
    this.#database = database;
  }

  /** The row of all columns, when there is one that fits. */
  async find(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    condition?: Fitting,
  ): Promise<readonly unknown[] | undefined> {
    const extra = condition === undefined ? undefined : parametersOf(model, condition.of, condition);
    const template = this.#templates.get(`find ${model.name} ${extra?.shape ?? ''}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select(model.columnNames)
        .where((where) =>
          where.and([
            where('id', '=', slot(0)),
            ...(condition === undefined
              ? deletionTest(where, model, 'kept')
              : [fittingExpression(where, this.#database.dialect, model, condition, 1)]),
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
    const template = this.#templates.get(`find deleted ${model.name}`, () =>
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
    const template = this.#templates.get(`findMany ${model.name} ${length}`, () =>
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

  /** @param values of all columns, in order. @throws DuplicateValueError, BrokenReferenceError. */
  async insert(
    connection: DatabaseConnection,
    model: RecordModel,
    values: readonly SqlValue[],
  ): Promise<void> {
    const template = this.#templates.get(`insert ${model.name}`, () =>
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
    const template = this.#templates.get(`update ${of} ${ofVersion} ${model.name} ${names.join()}`, () =>
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
    const template = this.#templates.get(`increment ${model.name} ${names.join()}`, () =>
      this.#incrementQuery(model, names),
    );
    const { changes } = await connection.run(bindTemplate(template, [id, now, ...Object.values(increments)]));
    return changes > 0;
  }

  async delete(connection: DatabaseConnection, model: RecordModel, id: string): Promise<boolean> {
    const template = this.#templates.get(`delete ${model.name}`, () =>
      this.#database.query.deleteFrom(model.name).where('id', '=', slot(0)),
    );
    const { changes } = await connection.run(bindTemplate(template, [id]));
    return changes > 0;
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
