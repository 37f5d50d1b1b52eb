import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { appOption, jsonOption } from './shared-options.ts';

export const restoreCommand: Command = {
  name: 'restore',
  usage: '<backup>',
  summary: {
    en: 'Check a backup and put it in the place of the data, which is kept beside it; the service must be stopped',
    zh: '校验备份并用它替换现有数据（原数据保留在旁边）；须先停止服务',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: {
    from: {
      type: 'string',
      placeholder: '<store>',
      meaning: { en: 'store: load it from the object store', zh: 'store：从对象存储下载' },
    },
    check: {
      type: 'boolean',
      meaning: { en: 'Only check it; the service may run', zh: '只校验，不替换；服务可以在运行' },
    },
    json: jsonOption,
    app: appOption,
  },
  run: async (invocation) => (await import('../backups/restore-backup.ts')).restoreBackup(invocation),
};
