import type { Condition } from '../../define/condition.ts';
import type { Identity } from '../../ports/identity.ts';
import { conditionOfAccess } from '../collections/access.ts';
import { CollectionAccess } from '../collections/collection-access.ts';
import { callerIdOf } from '../collections/standing.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { type FileField, fileFieldsOf } from './file-fields.ts';

/** A collection whose records have files. */
interface Holder {
  readonly model: RecordModel;
  readonly access: CollectionAccess;
  readonly fields: readonly FileField[];
}

/** Tells who may see a file because of the records that have it. */
export class FileReaders {
  readonly #records: Records;
  readonly #holders: readonly Holder[];

  constructor(records: Records) {
    this.#records = records;
    this.#holders = records.models
      .map((model) => ({
        model,
        access: new CollectionAccess(model),
        fields: fileFieldsOf(model.declared.fields),
      }))
      .filter(({ fields }) => fields.length > 0);
  }

  /** Whether there is a record that has the file and lets this caller read both itself and the field. */
  async mayRead(identity: Identity, fileId: string): Promise<boolean> {
    for (const { model, access, fields } of this.#holders) {
      const { read, view } = access.rightsOf(identity);
      if (read.allows === 'none') continue;
      const seen = new Set(view.columns.map(({ name }) => name));
      for (const field of fields) {
        if (!seen.has(field.name)) continue;
        const parts = [holdingOf(field, fileId), conditionOfAccess(read)];
        const guard = view.guarded.get(field.name);
        if (guard !== undefined) parts.push(guard);
        if (await this.#isAny(model, { kind: 'all', parts }, identity)) return true;
      }
    }
    return false;
  }

  async #isAny(model: RecordModel, condition: Condition, identity: Identity): Promise<boolean> {
    const { connection, store } = this.#records.session;
    const rows = await store.lists.select(connection, model, {
      condition,
      callerId: callerIdOf(identity),
      sort: [{ field: 'id', descending: false }],
      limit: 1,
      columns: model.columns.slice(0, 1),
    });
    return rows.length > 0;
  }
}

function holdingOf({ name, isMany }: FileField, fileId: string): Condition {
  return isMany
    ? { kind: 'has', field: name, operand: fileId, negated: false }
    : { kind: 'compare', field: name, comparator: '=', operand: fileId };
}
