import { errors } from '@maque/contract';
import type { Clock } from '@maque/kit';
import type { DatabaseConnection } from '../../ports/database.ts';
import { BrokenReferenceError } from '../../ports/database-errors.ts';
import { isoTime } from './iso-time.ts';
import type { ChangeListener } from './record-changes.ts';
import { newRecordId } from './record-id.ts';
import { explainRefusal } from './record-input.ts';
import { encodeValue, modelField, type RecordModel } from './record-model.ts';
import type { RecordStore } from './record-store.ts';

export type RecordValues = Readonly<Record<string, unknown>>;

export interface RecordSessionOptions {
  readonly store: RecordStore;
  readonly connection: DatabaseConnection;
  /** Told of each write that was done. */
  readonly onChange: ChangeListener;
  readonly clock: Clock;
}

/** Writes records on one connection: the free database, or a transaction. Values are checked before they come here. */
export class RecordSession {
  readonly store: RecordStore;
  readonly connection: DatabaseConnection;
  readonly #onChange: ChangeListener;
  readonly #clock: Clock;

  constructor({ store, connection, onChange, clock }: RecordSessionOptions) {
    this.store = store;
    this.connection = connection;
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** @param values of every declared field. @throws CodedError CONFLICT, VALIDATION_FAILED. */
  async create(model: RecordModel, values: RecordValues, id?: string): Promise<RecordValues> {
    const now = Math.floor(this.#clock.now());
    const at = isoTime(now);
    const record = { id: id ?? newRecordId(now), ...values, createdAt: at, updatedAt: at } as RecordValues;
    const row = model.columns.map(({ name, field }) => encodeValue(field, record[name]));
    await this.#explained(model, values, this.store.insert(this.connection, model, row));
    this.#onChange({ collection: model.name, fields: 'all' });
    return record;
  }

  /**
   * Sets fields of a record and its `updatedAt`. Answers what was set, or undefined when there is no such record.
   * @throws CodedError CONFLICT, VALIDATION_FAILED.
   */
  async update(model: RecordModel, id: string, values: RecordValues): Promise<RecordValues | undefined> {
    const changes: RecordValues = { ...values, updatedAt: isoTime(Math.floor(this.#clock.now())) };
    const names = Object.keys(changes);
    const encoded = names.map((name) => encodeValue(modelField(model, name), changes[name]));
    const update = this.store.update(this.connection, model, id, names, encoded);
    if (!(await this.#explained(model, values, update))) return undefined;
    this.#onChange({ collection: model.name, fields: names });
    return changes;
  }

  async increment(
    model: RecordModel,
    id: string,
    increments: Readonly<Record<string, number>>,
  ): Promise<boolean> {
    const now = Math.floor(this.#clock.now());
    const names = Object.keys(increments);
    const isDone = await this.store.increment(this.connection, model, id, increments, now);
    if (isDone) this.#onChange({ collection: model.name, fields: [...names, 'updatedAt'] });
    return isDone;
  }

  /** Answers whether there was such a record. @throws CodedError RECORD_IN_USE when others refer to it. */
  async delete(model: RecordModel, id: string): Promise<boolean> {
    try {
      const isDone = await this.store.delete(this.connection, model, id);
      if (isDone) this.#onChange({ collection: model.name, fields: 'all' });
      return isDone;
    } catch (error) {
      throw error instanceof BrokenReferenceError ? errors.RECORD_IN_USE({ cause: error }) : error;
    }
  }

  async #explained<T>(model: RecordModel, values: RecordValues, write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      throw await explainRefusal(error, this.connection, model, values);
    }
  }
}
