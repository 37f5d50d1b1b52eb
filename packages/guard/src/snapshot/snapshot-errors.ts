import { defineErrors } from '@maque/kit';

/** What keeps a snapshot from being taken or read, other than its cost. */
export const snapshotErrors = defineErrors({
  SNAPSHOT_OPTION_INVALID: {
    status: 400,
    message: {
      en: 'snapshot: {option} must be {expected}, not {actual}',
      zh: 'snapshot:{option} 应为 {expected}，而不是 {actual}',
    },
  },
  SNAPSHOT_BUSY: {
    status: 409,
    message: {
      en: 'Another snapshot is being taken into {folder} (pid {pid})',
      zh: '另一个快照正在写入 {folder}（pid {pid}）',
    },
  },
  SNAPSHOT_FOLDER_UNUSABLE: {
    status: 500,
    message: {
      en: 'Cannot write snapshots into {folder}: {reason}',
      zh: '无法在 {folder} 中写快照：{reason}',
    },
  },
  SNAPSHOT_DISK_FULL: {
    status: 507,
    message: {
      en: 'The disk became full while a snapshot was worked on; no half file is left',
      zh: '处理快照时磁盘已满；未留下不完整的文件',
    },
  },
  SNAPSHOT_FILE_TOO_LARGE: {
    status: 507,
    message: {
      en: 'The snapshot became larger than {limit} bytes; nothing of it is left',
      zh: '快照超过 {limit} 字节；未留下任何文件',
    },
  },
  SNAPSHOT_FAILED: {
    status: 500,
    message: { en: 'The snapshot could not be written: {reason}', zh: '无法写入快照：{reason}' },
  },
  SNAPSHOT_HELPER_ENDED: {
    status: 500,
    message: {
      en: 'The process that works on snapshots ended early ({how}); a machine short of memory ends it first',
      zh: '处理快照的进程提前结束（{how}）；内存不足时系统会最先结束它',
    },
  },
});
