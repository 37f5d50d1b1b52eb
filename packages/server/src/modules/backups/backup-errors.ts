import { defineErrors } from '@maque/kit';

/** What goes wrong with backups; none travels over HTTP. */
export const backupErrors = defineErrors({
  BACKUP_UNKNOWN: {
    status: 404,
    message: {
      en: 'There is no backup {name} in {place}; maque backups lists all',
      zh: '{place} 中没有备份 {name}；用 maque backups 查看全部备份',
    },
  },
  BACKUP_DAMAGED: {
    status: 500,
    message: {
      en: 'The backup {name} is not as it was written: {reason}',
      zh: '备份 {name} 与写入时不一致：{reason}',
    },
  },
  BACKUP_NOTHING: {
    status: 400,
    message: {
      en: 'There is nothing to back up: {path} is not there',
      zh: '没有可备份的内容：{path} 不存在',
    },
  },
  BACKUP_NO_ROOM: {
    status: 507,
    message: {
      en: 'A backup takes {needed} and the disk has {free} left, of which {spare} stay free for the service',
      zh: '备份需要 {needed}，磁盘剩余 {free}，其中 {spare} 须留给服务使用',
    },
  },
  BACKUP_NO_STORE: {
    status: 400,
    message: {
      en: 'Backups go to an object store only where MAQUE_FILE_STORE names one',
      zh: '只有在 MAQUE_FILE_STORE 指定了对象存储时，备份才能存到对象存储',
    },
  },
  BACKUP_FAILED: {
    status: 500,
    message: {
      en: 'The scheduled backup failed: {reason}',
      zh: '定时备份失败：{reason}',
    },
  },
  RESTORE_IN_USE: {
    status: 409,
    message: {
      en: 'A process has the database {path} open; stop the service first',
      zh: '有进程正在使用数据库 {path}；请先停止服务',
    },
  },
  RESTORE_MOUNTED: {
    status: 409,
    message: {
      en: '{path} is a disk or volume of its own and cannot be moved aside; nothing was changed. Restore with --data-dir into a new folder, and move what is in it by hand',
      zh: '{path} 是独立的磁盘或挂载卷，无法移开；未做任何改动。请用 --data-dir 恢复到新文件夹，再手动移动其中的内容',
    },
  },
});
