import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { jsonOption } from './shared-options.ts';

export const backupsCommand: Command = {
  name: 'backups',
  usage: '[appDir]',
  summary: { en: 'List the backups there are', zh: '列出已有的备份' },
  mostArguments: 1,
  settings: maqueSettings,
  options: {
    in: {
      type: 'string',
      placeholder: '<folder|store>',
      meaning: {
        en: 'Where to look: a folder, or the object store; the folder backups of the data folder unless told',
        zh: '在哪里查找：某个目录，或对象存储（store）；默认为数据目录下的 backups',
      },
    },
    json: jsonOption,
  },
  run: async (invocation) => (await import('../backups/list-backups.ts')).listBackups(invocation),
};
