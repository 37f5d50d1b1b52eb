import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { jsonOption } from './shared-options.ts';

export const dbDiffCommand: Command = {
  name: 'db diff',
  usage: '[appDir]',
  summary: {
    en: 'Show how the tables differ from the collections that are declared',
    zh: '显示数据表与集合声明的差异',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: { json: jsonOption },
  run: async (invocation) => (await import('../db/show-diff.ts')).showDiff(invocation),
};
