import type { Command } from '../cli/command.ts';
import { keeperPlaceSettings } from '../settings/settings-table.ts';

export const deployCommand: Command = {
  name: 'deploy',
  usage: '[appDir]',
  summary: {
    en: 'Let new code and settings take over; what serves stays if they do not live',
    zh: '上线新代码与设置；无法运行时继续使用原有版本',
  },
  mostArguments: 1,
  settings: keeperPlaceSettings,
  options: {
    share: {
      type: 'string',
      placeholder: '<share>',
      meaning: {
        en: 'Only in this share of the workers for now, e.g. 25%; the next deploy goes on',
        zh: '先只上线一部分工作进程，如 25%；下一次 deploy 继续',
      },
    },
  },
  run: async (invocation) => (await import('../control/deploy-version.ts')).deployVersion(invocation),
};
