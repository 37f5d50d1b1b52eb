import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';
import { appOption, followOption, jsonOption } from './shared-options.ts';

export const logsCommand: Command = {
  name: 'logs',
  usage: '[worker]',
  summary: {
    en: 'Show what workers print and log, and what the keeper says; also when nothing runs',
    zh: '查看工作进程的输出与日志，以及守护进程的消息；服务停止时也可用',
  },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: {
    follow: followOption,
    lines: {
      type: 'string',
      placeholder: '<count>',
      meaning: { en: 'How many of the last lines; 50 unless told', zh: '显示最后多少行；默认 50' },
    },
    requests: {
      type: 'boolean',
      meaning: { en: 'Also the requests that a Maque app answered', zh: '同时显示 Maque 应用处理的请求' },
    },
    json: jsonOption,
    app: appOption,
  },
  run: async (invocation) => (await import('../control/show-logs.ts')).showLogs(invocation),
};
