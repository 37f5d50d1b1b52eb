import type { Command } from '../cli/command.ts';

export const guardCompareCommand: Command = {
  name: 'guard compare',
  usage: '<before.heapsnapshot> <after.heapsnapshot>',
  summary: {
    en: 'Tell what grew between two heap snapshots of one process, and who keeps it',
    zh: '比较同一进程的两个堆快照：什么在增长，由谁持有',
  },
  mostArguments: 2,
  options: {
    json: {
      type: 'boolean',
      meaning: { en: 'Print everything as JSON', zh: '以 JSON 输出全部内容' },
    },
  },
  run: async (invocation) =>
    (await import('../guard/compare-two-snapshots.ts')).compareTwoSnapshots(invocation),
};
