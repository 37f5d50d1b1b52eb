import { DAY, MINUTE, type SettingsTable } from '@maque/kit';

/** Settings of the backups that the server makes by itself. */
export const backupSettings = {
  backupEvery: {
    type: 'duration',
    env: 'MAQUE_BACKUP_EVERY',
    min: 0,
    max: 365 * DAY,
    meaning: {
      en: 'How often the server makes a backup, e.g. 6h, at most every minute; 0 for never. Without it once a day in staging and prod, never in dev',
      zh: '自动备份的间隔，例如 6h，最短一分钟；0 表示不自动备份。未设置时，staging 与 prod 每天一次，dev 不备份',
    },
  },
  backupKeep: {
    type: 'integer',
    env: 'MAQUE_BACKUP_KEEP',
    default: 7,
    min: 1,
    max: 700,
    reason:
      'a week of days: a mistake of Friday is found on Monday. Each takes what the database takes; uploaded files take room once',
    meaning: {
      en: 'How many of its own backups the server keeps; those of maque backup stay',
      zh: '保留多少份自动备份；maque backup 手动做的备份不会删除',
    },
  },
  backupTo: {
    type: 'string',
    env: 'MAQUE_BACKUP_TO',
    choices: ['disk', 'store'],
    default: 'disk',
    reason: 'needs no account; the store also survives the loss of the whole server',
    meaning: {
      en: 'Where the server puts its backups: the folder backups of the data folder, or the object store of MAQUE_FILE_STORE',
      zh: '自动备份存放位置：数据目录下的 backups，或 MAQUE_FILE_STORE 指定的对象存储',
    },
  },
  backupSecrets: {
    type: 'boolean',
    env: 'MAQUE_BACKUP_SECRETS',
    default: false,
    reason:
      'whoever reads a bucket must not be able to sign tokens; on disk they lie beside the backups anyway, so there they are always in them',
    meaning: {
      en: 'Put the keys of the installation into backups in the object store, too',
      zh: '对象存储中的备份也包含本安装的密钥',
    },
  },
} as const satisfies SettingsTable;

/** The shortest time between two backups: each reads the whole database. */
const SHORTEST = MINUTE;

/** The time from one backup to the next; null for none. */
export function backupInterval(env: string, backupEvery: number | undefined): number | null {
  if (backupEvery === undefined) return env === 'dev' ? null : DAY;
  return backupEvery === 0 ? null : Math.max(SHORTEST, backupEvery);
}
