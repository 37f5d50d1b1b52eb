import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';
import { jsonOption } from './shared-options.ts';

export const psCommand: Command = {
  name: 'ps',
  usage: '[appDir]',
  summary: { en: 'Show each process with its memory and its load', zh: '显示各进程的内存与负载' },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: { json: jsonOption },
  run: async (invocation) => (await import('../control/show-processes.ts')).showProcesses(invocation),
};
