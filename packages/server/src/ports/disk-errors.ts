import { defineErrors } from '@maque/kit';

/** What an operator has to see to, told to whoever wrote as well. */
export const diskErrors = defineErrors({
  DISK_FULL: {
    status: 507,
    message: {
      en: 'The disk is full: nothing of this was kept',
      zh: '磁盘已满，本次写入未保存',
    },
  },
  // 500, not 503: what is told so may have been kept.
  DISK_UNSAFE: {
    status: 500,
    message: {
      en: 'The disk failed to keep what was written ({reason}); nothing more is written until a restart',
      zh: '磁盘未能保存已写入的数据（{reason}）；重启前不再接受写入',
    },
  },
  // For operators alone: whatever was acknowledged is safe in the log.
  CHECKPOINT_FAILED: {
    status: 500,
    message: {
      en: 'The write-ahead log could not be carried over into the database ({reason}); it grows until that succeeds',
      zh: '预写日志未能并入数据库（{reason}）；成功之前日志会持续增大',
    },
  },
});
