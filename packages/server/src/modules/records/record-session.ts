import { errors } from '@maque/contract';
import type { Clock, Milliseconds } from '@maque/kit';
import type { DatabaseConnection } from '../../ports/database.ts';
import { BrokenReferenceError } from '../../ports/database-errors.ts';
import { refuseDeletedTargets } from './deleted-targets.ts';
import { isoTime } from './iso-time.ts';
import { linksIn, refuseUnknownTargets } from './link-store.ts';
import type { ChangeListener } from './record-changes.ts';
import { newRecordId } from './record-id.ts';
import { explainRefusal } from './record-input.ts';
import { encodeValue, modelField, type RecordModel } from './record-model.ts';
import type { RecordStore, Update } from './record-store.ts';

export type RecordValues = Readonly<Record<string, unknown>>;

/** Who writes, for `createdBy` and `updatedBy`; null is the server's own code. */
export type Author = string | null;

type Begin = <T>(work: (session: RecordSession) => Promise<T>) => Promise<T>;

export interface RecordSessionOptions {
  readonly store: RecordStore;
  readonly connection: DatabaseConnection;
  /** Told of each write that was done. */
  readonly onChange: ChangeListener;
  readonly clock: Clock;
  /** Runs work in a transaction; left out where the connection is one. */
  readonly begin?: Begin;
}

/** Writes records on one connection: the free database, or a transaction. Values are checked before they come here. */
export class RecordSession {
  readonly store: RecordStore;
  readonly connection: DatabaseConnection;
  readonly #onChange: ChangeListener;
  readonly #clock: Clock;
  readonly #begin: Begin | undefined;

  constructor({ store, connection, onChange, clock, begin }: RecordSessionOptions) {
    this.store = store;
    this.connection = connection;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#begin = begin;
  }

  /** Runs `work` as one: in a transaction of its own, or in this one. */
  atomically<T>(work: (session: RecordSession) => Promise<T>): Promise<T> {
    return this.#begin === undefined ? work(this) : this.#begin(work);
  }

  /** @param values of every declared field. @throws CodedError CONFLICT, VALIDATION_FAILED. */
  async create(
    model: RecordModel,
    values: RecordValues,
    { id, by = null }: { readonly id?: string | undefined; readonly by?: Author } = {},
  ): Promise<RecordValues> {
    const now = this.#now();
    const at = isoTime(now);
    const { authors, softDelete } = model.declared;
    const record: RecordValues = {
      id: id ?? newRecordId(now),
      ...values,
      createdAt: at,
      updatedAt: at,
      ...(authors ? { createdBy: by, updatedBy: by } : undefined),
      ...(softDelete === undefined ? undefined : { deletedAt: null }),
    };
    if (model.perishable.length > 0) await refuseDeletedTargets(this.connection, model, values);
    await this.#explained(model, values, this.#insert(model, record));
    this.#onChange({ collection: model.name, fields: 'all' });
    return record;
  }

  /**
   * Sets fields of a record that was read before; answers it as it is then.
   * @throws CodedError CONFLICT, VALIDATION_FAILED, PRECONDITION_FAILED when it has changed since it was read.
   */
  async change(
    model: RecordModel,
    record: RecordValues,
    values: RecordValues,
    by: Author,
  ): Promise<RecordValues> {
    const now = this.#now();
    const changes = model.declared.authors ? { ...values, updatedBy: by } : values;
    const version = Date.parse(record.updatedAt as string);
    if (!(await this.#update(model, record.id as string, changes, { now, version }, record))) {
      throw errors.PRECONDITION_FAILED();
    }
    // As the store has it: a version is later than the one before.
    return { ...record, ...changes, updatedAt: isoTime(Math.max(now, version + 1)) };
  }

  /**
   * Sets fields of whatever record has this id; answers whether there was one.
   * @param of whether it is one that was deleted softly.
   * @throws CodedError CONFLICT, VALIDATION_FAILED.
   */
  async update(
    model: RecordModel,
    id: string,
    values: RecordValues,
    of: Update['of'] = 'kept',
  ): Promise<boolean> {
    const changes = model.declared.authors ? { ...values, updatedBy: null } : values;
    return this.#update(model, id, changes, { now: this.#now(), of });
  }

  async increment(
    model: RecordModel,
    id: string,
    increments: Readonly<Record<string, number>>,
  ): Promise<boolean> {
    const names = Object.keys(increments);
    const isDone = await this.store.increment(this.connection, model, id, increments, this.#now());
    if (isDone) this.#onChange({ collection: model.name, fields: [...names, 'updatedAt'] });
    return isDone;
  }

  /**
   * Deletes a record: for good, or so that it can be restored where the collection says so. Answers whether there was one.
   * @throws CodedError RECORD_IN_USE when others refer to it and it would be gone for good.
   */
  async delete(model: RecordModel, id: string, by: Author = null): Promise<boolean> {
    if (model.declared.softDelete === undefined) return this.#remove(model, id);
    return this.#setDeleted(model, id, 'deleted', by);
  }

  /** Brings a softly deleted record back; answers whether there was one. @throws CodedError CONFLICT. */
  restore(model: RecordModel, id: string, by: Author = null): Promise<boolean> {
    return this.#setDeleted(model, id, 'kept', by);
  }

  /** Deletes a record for good, whatever the collection says. Answers whether there was one. @throws CodedError RECORD_IN_USE. */
  erase(model: RecordModel, id: string): Promise<boolean> {
    return this.#remove(model, id);
  }

  /**
   * Takes somebody out of `createdBy` and `updatedBy` of records, deleted ones too. That is no change of theirs: each stays
   * the version that it is.
   */
  async forgetAuthor(model: RecordModel, ids: readonly string[], author: string): Promise<void> {
    for (const fact of ['createdBy', 'updatedBy']) {
      await this.connection.query
        .updateTable(model.name)
        .set({ [fact]: null })
        .where('id', 'in', ids as never)
        .where(fact, '=', author as never)
        .execute();
    }
    this.#onChange({ collection: model.name, fields: ['createdBy', 'updatedBy'] });
  }

  async #remove(model: RecordModel, id: string): Promise<boolean> {
    try {
      const isDone = await this.store.delete(this.connection, model, id);
      if (isDone) this.#onChange({ collection: model.name, fields: 'all' });
      return isDone;
    } catch (error) {
      throw error instanceof BrokenReferenceError ? errors.RECORD_IN_USE({ cause: error }) : error;
    }
  }

  async #setDeleted(model: RecordModel, id: string, to: 'deleted' | 'kept', by: Author): Promise<boolean> {
    const now = this.#now();
    const values = {
      deletedAt: to === 'deleted' ? isoTime(now) : null,
      ...(model.declared.authors ? { updatedBy: by } : undefined),
    };
    const update = {
      ...encodedChanges(model, values),
      now,
      of: to === 'deleted' ? 'kept' : 'deleted',
    } as const;
    const isDone = await this.#explained(
      model,
      values,
      this.store.update(this.connection, model, id, update),
    );
    if (isDone) this.#onChange({ collection: model.name, fields: 'all' });
    return isDone;
  }

  async #update(
    model: RecordModel,
    id: string,
    values: RecordValues,
    when: Pick<Update, 'now' | 'version' | 'of'>,
    before?: RecordValues,
  ): Promise<boolean> {
    if (model.perishable.length > 0) await refuseDeletedTargets(this.connection, model, values, before);
    const update = { ...encodedChanges(model, values), ...when };
    const isDone = await this.#explained(model, values, this.#updateLinked(model, id, values, update));
    if (isDone) this.#onChange({ collection: model.name, fields: [...update.names, 'updatedAt'] });
    return isDone;
  }

  /** One statement is all or nothing by itself; with links beside it, it takes a transaction. */
  #insert(model: RecordModel, record: RecordValues): Promise<void> {
    const row = model.columns.map(({ name, field }) => encodeValue(field, record[name]));
    const linked = linksIn(model, record).filter(({ ids }) => ids.length > 0);
    if (linked.length === 0) return this.store.insert(this.connection, model, row);
    return this.atomically(async ({ store, connection }) => {
      await refuseUnknownTargets(connection, linked);
      await store.insert(connection, model, row);
      for (const { link, ids } of linked)
        await store.links.insert(connection, link, record.id as string, ids);
    });
  }

  #updateLinked(model: RecordModel, id: string, values: RecordValues, update: Update): Promise<boolean> {
    const linked = linksIn(model, values);
    if (linked.length === 0) return this.store.update(this.connection, model, id, update);
    return this.atomically(async ({ store, connection }) => {
      await refuseUnknownTargets(connection, linked);
      if (!(await store.update(connection, model, id, update))) return false;
      for (const { link, ids } of linked) await store.links.replace(connection, link, id, ids);
      return true;
    });
  }

  async #explained<T>(model: RecordModel, values: RecordValues, write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      throw await explainRefusal(error, this.connection, model, values);
    }
  }

  #now(): Milliseconds {
    return Math.floor(this.#clock.now());
  }
}

function encodedChanges(model: RecordModel, values: RecordValues): Pick<Update, 'names' | 'values'> {
  const names = Object.keys(values);
  return { names, values: names.map((name) => encodeValue(modelField(model, name), values[name])) };
}
