import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { jsonOption } from './shared-options.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: '[appDir]',
  summary: {
    en: 'Back up database, files and keys, while the service runs or not',
    zh: '备份数据库、文件与密钥，服务运行与否均可',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: {
    to: {
      type: 'string',
      placeholder: '<folder|store>',
      meaning: {
        en: 'Where it goes: a folder, or the object store of MAQUE_FILE_STORE; the folder backups of the data folder unless told',
        zh: '备份到哪里：某个目录，或 MAQUE_FILE_STORE 指定的对象存储（store）；默认为数据目录下的 backups',
      },
    },
    'without-secrets': {
      type: 'boolean',
      meaning: {
        en: 'Leave out the keys of the installation; without them all have to log in again, and second factors of staff are lost',
        zh: '不包含本安装的密钥；缺少密钥时，恢复后所有人需重新登录，员工的两步验证也会失效',
      },
    },
    json: jsonOption,
  },
  run: async (invocation) => (await import('../backups/make-backup.ts')).makeBackup(invocation),
};
