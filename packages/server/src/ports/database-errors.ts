import { defineErrors } from '@maque/kit';

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

/** What an operator has to see to, told to whoever wrote as well. */
export const databaseErrors = defineErrors({
  DISK_FULL: {
    status: 507,
    message: {
      en: 'The disk is full: nothing of this was kept',
      zh: '磁盘已满,本次写入未保存',
    },
  },
  // 500, not 503: what is told so may have been kept.
  DISK_UNSAFE: {
    status: 500,
    message: {
      en: 'The disk failed to keep what was written ({reason}); nothing more is written until a restart',
      zh: '磁盘未能保存已写入的数据({reason});重启前不再接受写入',
    },
  },
});
