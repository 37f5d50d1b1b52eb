/** What one write changed in a collection. */
export interface RecordChange {
  readonly collection: string;
  /** Fields that were changed, or 'all' when a record came or went. */
  readonly fields: readonly string[] | 'all';
}

export type ChangeListener = (change: RecordChange) => void;

/** Collects what a transaction changes, one entry for each collection, to be told when it is committed. */
export class PendingChanges {
  readonly #changes = new Map<string, readonly string[] | 'all'>();

  readonly add: ChangeListener = ({ collection, fields }) => {
    const known = this.#changes.get(collection);
    if (known === undefined || fields === 'all') this.#changes.set(collection, fields);
    else if (known !== 'all') {
      const more = fields.filter((field) => !known.includes(field));
      if (more.length > 0) this.#changes.set(collection, [...known, ...more]);
    }
  };

  tell(listener: ChangeListener): void {
    for (const [collection, fields] of this.#changes) listener({ collection, fields });
  }
}
