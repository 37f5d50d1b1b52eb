import { RecentMap } from '@maque/kit';
import type { Compilable } from 'kysely';
import type { Condition } from '../../define/condition.ts';
import type { Database, DatabaseConnection, SqlValue } from '../../ports/database.ts';
import { conditionExpression, parametersOf } from './condition-sql.ts';
import { type KeysetTerm, keysetExpression } from './keyset-sql.ts';
import { type Column, modelField, type RecordModel } from './record-model.ts';
import type { SortTerm } from './sort-terms.ts';
import { bindTemplate, compileTemplate, Slot, type StatementTemplate } from './statement-template.ts';

/** A place in a list: the values of the last record seen, in the order of the sort, as they are stored. */
export type Position = readonly SqlValue[];

export interface Selection {
  readonly condition: Condition;
  /** The user that conditions on the caller are about. */
  readonly callerId: string | undefined;
  readonly sort: readonly SortTerm[];
  /** Only what comes after this place. */
  readonly after?: Position | undefined;
  readonly limit: number;
  /** The columns of each row, in this order. */
  readonly columns: readonly Column[];
}

// Shapes of lists, updates and lookups: some hundred in use for an app of 30 collections, at 1 to 3 KiB each. What
// strangers can vary (filters) falls out again.
const MAX_TEMPLATES = 500;

const slots = Array.from({ length: 8 }, (_, position) => new Slot(position));
const slot = (position: number): Slot => slots[position] ?? new Slot(position);

/** Queries on the tables of collections. SQL is compiled once a shape; rules are not its business. */
export class RecordStore {
  readonly #database: Database;
  readonly #templates = new RecentMap<string, StatementTemplate>(MAX_TEMPLATES);

  /** @param database whose dialect compiles; the connection to run on comes with each call. */
  constructor(database: Database) {
    this.#database = database;
  }

  /** The row of all columns, when there is one that fits. */
  async find(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    condition?: { readonly of: Condition; readonly callerId: string | undefined },
  ): Promise<readonly unknown[] | undefined> {
    const extra = condition === undefined ? undefined : parametersOf(model, condition.of, condition.callerId);
    const template = this.#template(`find ${model.name} ${extra?.shape ?? ''}`, () =>
      this.#database.query
        .selectFrom(model.name)
        .select(model.columnNames)
        .where((where) => {
          const byId = where('id', '=', slot(0));
          return condition === undefined
            ? byId
            : where.and([byId, conditionExpression(where, condition.of, 1)]);
        }),
    );
    const [row] = await connection.arrays(bindTemplate(template, [id, ...(extra?.values ?? [])]));
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
        .where(
          'id',
          'in',
          padded.map((_, position) => slot(position)),
        ),
    );
    return connection.arrays(bindTemplate(template, padded));
  }

  /** A page of rows. */
  select(connection: DatabaseConnection, model: RecordModel, selection: Selection): Promise<unknown[][]> {
    const { condition, callerId, sort, after = [], limit, columns } = selection;
    const { shape, values } = parametersOf(model, condition, callerId);
    const keyset = keysetTerms(model, sort, after);
    const firstKeysetSlot = values.length;
    for (const value of after) if (value !== null) values.push(value);
    values.push(limit);
    const template = this.#template(`select ${shapeOfList(model, selection, keyset)} ${shape}`, () => {
      const query = this.#database.query
        .selectFrom(model.name)
        .select(columns.map(({ name }) => name))
        .where((where) => {
          const fitting = conditionExpression(where, condition);
          if (keyset.length === 0) return fitting;
          const beyond = keysetExpression(where, keyset, this.#database.dialect, firstKeysetSlot);
          return where.and([fitting, beyond]);
        });
      return sort
        .reduce((sorted, { field, descending }) => sorted.orderBy(field, descending ? 'desc' : 'asc'), query)
        .limit((of) => of.val(slot(values.length - 1) as never));
    });
    return connection.arrays(bindTemplate(template, values));
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

  /** Sets columns of one record; answers whether it is there. @throws DuplicateValueError, BrokenReferenceError. */
  async update(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    names: readonly string[],
    values: readonly SqlValue[],
  ): Promise<boolean> {
    const template = this.#template(`update ${model.name} ${names.join()}`, () =>
      this.#database.query
        .updateTable(model.name)
        .set(Object.fromEntries(names.map((name, position) => [name, slot(position)])))
        .where('id', '=', slot(names.length)),
    );
    const { changes } = await connection.run(bindTemplate(template, [...values, id]));
    return changes > 0;
  }

  /** Adds to numbers of one record where all of them stay within their fields' bounds; answers whether it did. */
  async increment(
    connection: DatabaseConnection,
    model: RecordModel,
    id: string,
    increments: Readonly<Record<string, number>>,
    updatedAt: number,
  ): Promise<boolean> {
    const names = Object.keys(increments);
    const template = this.#template(`increment ${model.name} ${names.join()}`, () =>
      this.#incrementQuery(model, names),
    );
    const { changes } = await connection.run(
      bindTemplate(template, [id, updatedAt, ...Object.values(increments)]),
    );
    return changes > 0;
  }

  async delete(connection: DatabaseConnection, model: RecordModel, id: string): Promise<boolean> {
    const template = this.#template(`delete ${model.name}`, () =>
      this.#database.query.deleteFrom(model.name).where('id', '=', slot(0)),
    );
    const { changes } = await connection.run(bindTemplate(template, [id]));
    return changes > 0;
  }

  #incrementQuery(model: RecordModel, names: readonly string[]): Compilable {
    return this.#database.query
      .updateTable(model.name)
      .set((set) => ({
        updatedAt: slot(1),
        ...Object.fromEntries(
          names.map((name, index) => [name, set(set.ref(name), '+', slot(index + 2) as never)]),
        ),
      }))
      .where((where) =>
        where.and([
          where('id', '=', slot(0)),
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

/** Of no place at all: no terms. */
function keysetTerms(model: RecordModel, sort: readonly SortTerm[], after: Position): KeysetTerm[] {
  return after.map((value, index) => {
    const { field, descending } = sort[index] as SortTerm;
    return {
      ...{ field, descending },
      isNullable: modelField(model, field).presence === 'optional',
      isNull: value === null,
    };
  });
}

/** What of a list, but for its condition, makes another statement of it. */
function shapeOfList(
  model: RecordModel,
  { sort, columns }: Selection,
  keyset: readonly KeysetTerm[],
): string {
  const order = sort.map(({ field, descending }) => (descending ? `-${field}` : field));
  const place = keyset.map(({ isNull }) => (isNull ? '0' : '1'));
  const names = columns === model.columns ? ['*'] : columns.map(({ name }) => name);
  return `${model.name} ${order.join()} ${place.join('')} ${names.join()}`;
}

function boundsOf(model: RecordModel, name: string): { readonly min: number; readonly max: number } {
  const { spec } = modelField(model, name);
  if (spec.kind !== 'int' && spec.kind !== 'money') throw new Error(`${model.name}.${name} is no number`);
  return spec;
}
