import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';

export const devCommand: Command = {
  name: 'dev',
  usage: '[appDir]',
  summary: {
    en: 'Run an app with one worker that restarts on change',
    zh: '开发模式：单个工作进程，文件改动后自动重启',
  },
  mostArguments: 1,
  settings: maqueSettings,
  run: async (invocation) => (await import('../dev/develop-app.ts')).developApp(invocation),
};
