import type { Command } from '../cli/command.ts';
import { jsonOption, markdownOption } from './shared-options.ts';

export const oomCommand: Command = {
  name: 'oom',
  usage: '[file…]',
  summary: {
    en: "Find who was killed for want of memory, why, and what to change: in files, - for standard input, or in this machine's own logs",
    zh: '查出谁因内存不足被杀、为什么、怎么改：读取文件、标准输入（-）或本机日志',
  },
  mostArguments: 20,
  options: {
    json: jsonOption,
    markdown: markdownOption,
    around: {
      type: 'string',
      placeholder: '<30m>',
      meaning: {
        en: 'How long before a kill is looked at for what led to it, and half of it after; 30m unless told, 24h at most',
        zh: '查看被杀之前多长时间内发生的事（之后看一半时长）；默认 30m，最长 24h',
      },
    },
    'data-dir': {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: "Data folder of a Maque app or keeper, for its events: replaced workers, deploys; this machine's own are found",
        zh: 'Maque 应用或守护进程的数据目录，用于读取事件（换工作进程、上线）；本机的会自动查找',
      },
    },
    'access-log': {
      type: 'string',
      placeholder: '<file,…>',
      meaning: {
        en: "Access logs of a web server, for the traffic; this machine's own are found",
        zh: 'Web 服务器的访问日志，用于查看访问量；本机的会自动查找',
      },
    },
    state: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: 'Where `maque doctor --record` keeps its samples, for memory over time; default as there',
        zh: '`maque doctor --record` 存放样本的目录，用于查看内存变化；默认与其相同',
      },
    },
    zone: {
      type: 'string',
      placeholder: '<+08:00>',
      meaning: {
        en: "The time zone of logs that do not tell one; this machine's unless told",
        zh: '日志未写时区时所用的时区；默认本机时区',
      },
    },
  },
  run: async (invocation) => (await import('../oom/tell-kills.ts')).tellKills(invocation),
};
