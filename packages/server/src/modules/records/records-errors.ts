import { defineErrors } from '@maque/kit';

/** What is refused at start, before anything is served. */
export const startErrors = defineErrors({
  SCHEMA_CHANGE_REFUSED: {
    status: 500,
    message: {
      en: 'The collections have changed in a way that would lose data or break records that are there',
      zh: '集合声明的改动会丢失数据或破坏现有记录，已拒绝',
    },
  },
  SCHEMA_BACKUP_FAILED: {
    status: 500,
    message: {
      en: 'The collections have changed, and the database could not be copied to {path} first: {reason}',
      zh: '集合声明已改动，但改动前的数据库备份 {path} 失败：{reason}',
    },
  },
  DATABASE_NEWER: {
    status: 500,
    message: {
      en: 'This database was made by a newer version, which added {id}',
      zh: '该数据库由更新的版本创建（包含 {id}）',
    },
  },
});
