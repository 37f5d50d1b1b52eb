/** A value that must be unique is there already. */
export class DuplicateValueError extends Error {
  /** The column (`products.sku`) or the index (`products_sku_unique`), as the engine names it. */
  readonly target: string;

  constructor(target: string, cause: unknown) {
    super(`duplicate value in ${target}`, { cause });
    this.name = 'DuplicateValueError';
    this.target = target;
  }
}

/** A record would refer to nothing: what it refers to is not there, or what others refer to would go. */
export class BrokenReferenceError extends Error {
  constructor(cause: unknown) {
    super('a reference between records would be broken', { cause });
    this.name = 'BrokenReferenceError';
  }
}

/** What is stored is not, or no longer, a database that the engine can read. */
export class DamagedDatabaseError extends Error {
  constructor(cause: unknown) {
    super('the database is damaged', { cause });
    this.name = 'DamagedDatabaseError';
  }
}
