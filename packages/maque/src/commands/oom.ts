import type { Command } from '../cli/command.ts';
import { jsonOption } from './shared-options.ts';

export const oomCommand: Command = {
  name: 'oom',
  usage: '[file…]',
  summary: {
    en: "Find who was killed for want of memory, why, and what to change: in files, - for standard input, or in this machine's own logs",
    zh: '查出谁因内存不足被杀、为什么、怎么改:读取文件、标准输入(-)或本机日志',
  },
  mostArguments: 20,
  options: {
    json: jsonOption,
    markdown: {
      type: 'boolean',
      meaning: { en: 'Print as Markdown', zh: '以 Markdown 输出' },
    },
  },
  run: async (invocation) => (await import('../oom/tell-kills.ts')).tellKills(invocation),
};
