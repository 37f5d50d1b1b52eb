import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';
import { appOption } from './shared-options.ts';

export const recycleCommand: Command = {
  name: 'recycle',
  usage: '[worker]',
  summary: {
    en: 'Replace one worker, or all in turn, without losing a request',
    zh: '替换一个工作进程，或依次替换全部，不丢请求',
  },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: { app: appOption },
  run: async (invocation) => (await import('../control/recycle-workers.ts')).recycleWorkers(invocation),
};
