import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { changeOptions } from './db-options.ts';

export const dbRollbackCommand: Command = {
  name: 'db rollback',
  usage: '[appDir]',
  summary: {
    en: 'Take the latest change of the tables back',
    zh: '撤销最近一次数据表改动',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: changeOptions,
  run: async (invocation) => (await import('../db/change-tables.ts')).rollBackTables(invocation),
};
