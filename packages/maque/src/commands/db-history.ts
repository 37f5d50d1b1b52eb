import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { jsonOption } from './shared-options.ts';

export const dbHistoryCommand: Command = {
  name: 'db history',
  usage: '[appDir]',
  summary: {
    en: 'List the changes of the tables',
    zh: '列出数据表的改动记录',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: { json: jsonOption },
  run: async (invocation) => (await import('../db/show-history.ts')).showHistory(invocation),
};
