import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';

export const startCommand: Command = {
  name: 'start',
  usage: '[appDir]',
  summary: {
    en: 'Run an app: keeper and workers inside a memory budget',
    zh: '运行应用：在内存预算内守护多个工作进程',
  },
  mostArguments: 1,
  settings: maqueSettings,
  run: async (invocation) => (await import('../start/start-app.ts')).startApp(invocation),
};
