import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';

export const topCommand: Command = {
  name: 'top',
  usage: '[appDir]',
  summary: {
    en: 'Watch each process on a live screen: memory of its budget, requests, delays, events',
    zh: '实时查看各进程：内存与预算、请求、延迟与事件',
  },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: {
    interval: {
      type: 'string',
      placeholder: '<duration>',
      meaning: { en: 'How often it looks; 2s unless told', zh: '刷新间隔；默认 2s' },
    },
  },
  run: async (invocation) => {
    const { showTop } = await import('../control/show-top.ts');
    return showTop(invocation, { input: process.stdin, output: process.stdout });
  },
};
