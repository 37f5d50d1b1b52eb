import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';
import { appOption, jsonOption } from './shared-options.ts';

export const snapshotCommand: Command = {
  name: 'snapshot',
  usage: '<worker>',
  summary: {
    en: "Write a worker's heap snapshot without users' data, if the box has room for it",
    zh: '在内存允许时为工作进程写堆快照（不含用户数据）',
  },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: { json: jsonOption, app: appOption },
  run: async (invocation) => (await import('../control/take-snapshot.ts')).takeSnapshot(invocation),
};
