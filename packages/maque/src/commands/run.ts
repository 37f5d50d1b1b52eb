import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings, keeperSettings } from '../settings/settings-table.ts';

export const runCommand: Command = {
  name: 'run',
  usage: '<script> [arguments]',
  summary: { en: 'Keep workers of any Node program', zh: '守护任意 Node 程序的多个工作进程' },
  mostArguments: 1,
  passesArgumentsOn: true,
  settings: { ...keeperSettings, ...keeperPlaceSettings },
  run: async (invocation) => (await import('../run/run-program.ts')).runProgram(invocation),
};
