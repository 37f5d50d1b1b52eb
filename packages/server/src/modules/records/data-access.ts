import { errors } from '@maque/contract';
import { CompiledQuery } from 'kysely';
import { Issues } from '../../define/check-value.ts';
import type { AnyCollection } from '../../define/collection.ts';
import { type Condition, fieldAt, isScalar } from '../../define/condition.ts';
import type { DataAccess, ListOptions, SqlInput } from '../../define/data.ts';
import { conditionOf } from '../../define/read-where.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import { checkedValues } from './record-input.ts';
import { type RecordModel, recordOf } from './record-model.ts';
import type { RecordSession } from './record-session.ts';
import { type SortTerm, sortTermsOf } from './sort-terms.ts';

const MAX_IDS = 1_000;
const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;
const ID = /^[A-Za-z0-9_-]{1,40}$/;
const LIST_LIMIT = { en: 'must be a whole number from 1 to {max}', zh: '应为 1 到 {max} 的整数' };
const ID_FORM = { en: 'must have 1 to 40 letters, digits, - or _', zh: '应为 1 到 40 个字母、数字、- 或 _' };

/** The SQL of a template literal; each literal of a program is one array for ever. */
const sqlTexts = new WeakMap<TemplateStringsArray, string>();

/** What each access works on, for {@link connectionOf}: apps must not reach it. */
const connections = new WeakMap<DataAccess, DatabaseConnection>();

/** The connection that an access to the records works on. @throws TypeError when it is none of this server's. */
export function connectionOf(access: DataAccess): DatabaseConnection {
  const connection = connections.get(access);
  if (connection === undefined)
    throw new TypeError('the `db` of a handler or the `tx` of its transaction is expected');
  return connection;
}

/**
 * The records as the server's own code reaches them, on one connection.
 * @param modelOf the model of a collection; throws when it is not of this app.
 */
export function createDataAccess(
  session: RecordSession,
  modelOf: (collection: AnyCollection) => RecordModel,
): DataAccess {
  const { store, connection } = session;
  const access: UntypedDataAccess = {
    async get(collection, id) {
      const model = modelOf(collection);
      const row = await store.find(connection, model, id);
      return row === undefined ? undefined : recordOf(model, row);
    },

    async getMany(collection, ids) {
      const model = modelOf(collection);
      if (ids.length > MAX_IDS) throw new RangeError(`${ids.length} ids at once; ${MAX_IDS} are allowed`);
      const rows = ids.length === 0 ? [] : await store.findMany(connection, model, ids);
      return new Map(rows.map((row) => [row[0] as string, recordOf(model, row)]));
    },

    async list(collection, options = {}) {
      const model = modelOf(collection);
      const rows = await store.lists.select(connection, model, {
        condition: conditionFor(model, options.where),
        callerId: undefined,
        sort: sortFor(model, options.sort),
        limit: limitFor(options.limit),
        columns: model.columns,
      });
      return rows.map((row) => recordOf(model, row));
    },

    async create(collection, { id, ...values }) {
      const model = modelOf(collection);
      if (id !== undefined && (typeof id !== 'string' || !ID.test(id))) throw invalid('id', ID_FORM, {});
      return session.create(model, checkedValues(collection.fields, values, {}), { id });
    },

    async update(collection, id, changes) {
      const model = modelOf(collection);
      const values = checkedValues(collection.fields, changes, { partial: true });
      return session.update(model, id, values);
    },

    async increment(collection, id, increments) {
      const model = modelOf(collection);
      for (const [name, amount] of Object.entries(increments)) {
        if (!Number.isSafeInteger(amount))
          throw new RangeError(`cannot add ${amount} to ${model.name}.${name}`);
      }
      return session.increment(model, id, increments);
    },

    delete: async (collection, id) => session.delete(modelOf(collection), id),

    async restore(collection, id) {
      const model = modelOf(collection);
      return model.declared.softDelete === undefined ? false : session.restore(model, id);
    },

    async sql(strings, ...values) {
      const text = sqlTexts.get(strings) ?? strings.join('?');
      sqlTexts.set(strings, text);
      if (/^\s*select\b/i.test(text)) return connection.all({ sql: text, parameters: values });
      return (await connection.query.executeQuery<object>(CompiledQuery.raw(text, values))).rows;
    },
  };
  connections.set(access as DataAccess, connection);
  return access as DataAccess;
}

type AnyRecord = Readonly<Record<string, unknown>>;

/** `DataAccess` without the types of the collections, which only its callers know. */
interface UntypedDataAccess {
  get(collection: AnyCollection, id: string): Promise<AnyRecord | undefined>;
  getMany(collection: AnyCollection, ids: readonly string[]): Promise<ReadonlyMap<string, AnyRecord>>;
  list(collection: AnyCollection, options?: ListOptions<AnyCollection>): Promise<readonly AnyRecord[]>;
  create(collection: AnyCollection, record: AnyRecord): Promise<AnyRecord>;
  update(collection: AnyCollection, id: string, changes: AnyRecord): Promise<boolean>;
  increment(
    collection: AnyCollection,
    id: string,
    increments: Readonly<Record<string, number>>,
  ): Promise<boolean>;
  delete(collection: AnyCollection, id: string): Promise<boolean>;
  restore(collection: AnyCollection, id: string): Promise<boolean>;
  sql(strings: TemplateStringsArray, ...values: SqlInput[]): Promise<readonly object[]>;
}

function conditionFor(model: RecordModel, where: AnyRecord | undefined): Condition {
  const issues = new Issues();
  const condition = conditionOf(model.fields, where ?? {}, ({ field, reason }) => {
    issues.add(field, reason?.text ?? { en: 'cannot be compared', zh: '不能用于比较' }, reason?.data);
  });
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
  return condition;
}

function sortFor(model: RecordModel, keys: readonly string[] | undefined): readonly SortTerm[] {
  if (keys === undefined) return model.sort;
  const terms = sortTermsOf(keys);
  for (const { field } of terms) {
    const target = fieldAt(model.fields, field);
    if (target === undefined || !isScalar(target)) throw errors.SORT_INVALID({ data: { field } });
  }
  return terms;
}

function limitFor(limit = DEFAULT_LIMIT): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalid('limit', LIST_LIMIT, { max: MAX_LIMIT });
}

function invalid(path: string, issue: { en: string; zh: string }, data: Record<string, unknown>): Error {
  return errors.VALIDATION_FAILED({ details: [{ path, issue, data }] });
}
