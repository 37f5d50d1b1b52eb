import type { Command } from '../cli/command.ts';

export const guardReplayCommand: Command = {
  name: 'guard replay',
  usage: '<trace.jsonl[.gz]>',
  summary: {
    en: 'Play a recording of memory to the leak detector; - reads standard input',
    zh: '把内存记录回放给泄漏检测器；- 表示标准输入',
  },
  mostArguments: 1,
  options: {
    horizon: {
      type: 'string',
      placeholder: '<duration>',
      meaning: { en: 'How far to look ahead; 30m', zh: '向前预测多久；默认 30m' },
    },
    every: {
      type: 'string',
      placeholder: '<duration>',
      meaning: {
        en: 'Time of the recording between two evaluations; 5s',
        zh: '两次评估之间的记录时间；默认 5s',
      },
    },
  },
  run: async (invocation) => (await import('../guard/replay-trace.ts')).replayTrace(invocation),
};
