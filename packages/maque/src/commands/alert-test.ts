import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';

export const alertTestCommand: Command = {
  name: 'alert test',
  usage: '[appDir]',
  summary: {
    en: 'Send a test message through every channel of alerts that is set',
    zh: '通过每个已设置的告警渠道发送测试消息',
  },
  mostArguments: 1,
  settings: { env: maqueSettings.env },
  options: { json: { type: 'boolean', meaning: { en: 'Print as JSON', zh: '以 JSON 输出' } } },
  run: async (invocation) => (await import('../alert/test-alerts.ts')).testAlerts(invocation),
};
