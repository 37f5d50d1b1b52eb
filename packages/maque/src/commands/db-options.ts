import type { CommandOption } from '../cli/command.ts';
import { jsonOption } from './shared-options.ts';

/** Of commands that change tables. */
export const changeOptions: Readonly<Record<string, CommandOption>> = {
  'allow-data-loss': {
    type: 'boolean',
    meaning: { en: 'Do it even if values are lost', zh: '即使会丢失数据也执行' },
  },
  'without-backup': {
    type: 'boolean',
    meaning: { en: 'Do not copy the database first', zh: '不先备份数据库' },
  },
  json: jsonOption,
};
