import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';

export const psCommand: Command = {
  name: 'ps',
  usage: '[appDir]',
  summary: { en: 'Show each process with its memory and its load', zh: '显示各进程的内存与负载' },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: { json: { type: 'boolean', meaning: { en: 'Print as JSON', zh: '以 JSON 输出' } } },
  run: async (invocation) => (await import('../control/show-processes.ts')).showProcesses(invocation),
};
