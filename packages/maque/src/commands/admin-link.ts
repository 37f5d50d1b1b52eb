import type { Command } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';

export const adminLinkCommand: Command = {
  name: 'admin link',
  usage: '[appDir]',
  summary: {
    en: 'Make a one-time link with which to become an admin of the console',
    zh: '生成一次性链接，用它成为控制台管理员',
  },
  mostArguments: 1,
  settings: maqueSettings,
  run: async (invocation) => (await import('../admin/print-admin-link.ts')).printAdminLink(invocation),
};
