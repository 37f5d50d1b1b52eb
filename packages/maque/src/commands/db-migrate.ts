import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { changeOptions } from './db-options.ts';

export const dbMigrateCommand: Command = {
  name: 'db migrate',
  usage: '[appDir]',
  summary: {
    en: 'Bring the tables to what is declared, after a copy of the database',
    zh: '备份数据库后，按声明改动数据表',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: changeOptions,
  run: async (invocation) => (await import('../db/change-tables.ts')).migrateTables(invocation),
};
