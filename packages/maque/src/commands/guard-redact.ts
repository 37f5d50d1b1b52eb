import type { Command } from '../cli/command.ts';

export const guardRedactCommand: Command = {
  name: 'guard redact',
  usage: '<in.heapsnapshot> [<out.heapsnapshot>]',
  summary: {
    en: 'Copy a heap snapshot without what users said; - is standard input or output',
    zh: '复制堆快照并去除其中的用户数据；- 表示标准输入或标准输出',
  },
  mostArguments: 2,
  options: {
    force: {
      type: 'boolean',
      meaning: { en: 'Replace the output if it is there', zh: '输出文件已存在时覆盖' },
    },
    json: {
      type: 'boolean',
      meaning: { en: 'Print the summary as JSON', zh: '以 JSON 输出摘要' },
    },
  },
  run: async (invocation) =>
    (await import('../guard/redact-snapshot-file.ts')).redactSnapshotFile(invocation),
};
