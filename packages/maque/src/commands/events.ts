import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';
import { followOption, jsonOption } from './shared-options.ts';

export const eventsCommand: Command = {
  name: 'events',
  usage: '[appDir]',
  summary: {
    en: 'Show what happened to workers and why; also when nothing runs',
    zh: '查看工作进程发生过什么及原因；服务停止时也可用',
  },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: {
    follow: followOption,
    lines: {
      type: 'string',
      placeholder: '<count>',
      meaning: { en: 'How many of the last events; 50 unless told', zh: '显示最后多少条事件；默认 50' },
    },
    json: jsonOption,
  },
  run: async (invocation) => (await import('../control/show-events.ts')).showEvents(invocation),
};
