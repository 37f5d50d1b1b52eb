import type { Command } from '../cli/command.ts';
import { jsonOption, markdownOption } from './shared-options.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: {
    en: 'Examine this server: memory, limits, Node, databases, nginx, logs; what is wrong, why, and the lines that mend it',
    zh: '检查这台服务器：内存、上限、Node、数据库、nginx、日志；哪里有问题、为什么、怎么修',
  },
  mostArguments: 0,
  options: {
    only: {
      type: 'string',
      placeholder: '<A1,node,…>',
      meaning: {
        en: 'Only these checks, by id, name or group, with explanations for beginners',
        zh: '只做这些检查（编号、名称或分组），并附入门说明',
      },
    },
    all: {
      type: 'boolean',
      meaning: {
        en: 'Also what is fine, and what could not be looked at',
        zh: '同时列出正常项和无法检查的项',
      },
    },
    fix: {
      type: 'boolean',
      meaning: {
        en: 'Mend what can be mended safely; shows each change and asks first',
        zh: '修复可安全修复的问题；逐项展示改动并询问',
      },
    },
    yes: {
      type: 'boolean',
      meaning: { en: 'Do not ask, change', zh: '不询问，直接修改' },
    },
    undo: {
      type: 'boolean',
      meaning: {
        en: 'Bring back all files as they were before --fix',
        zh: '把 --fix 改过的文件全部恢复原样',
      },
      excludes: ['only', 'all', 'fix', 'record', 'json', 'markdown'],
    },
    record: {
      type: 'boolean',
      meaning: {
        en: 'Keep a sample, so that growth over days is seen; for a timer',
        zh: '留存一份样本，用于发现数天内的增长；适合定时任务',
      },
    },
    json: jsonOption,
    markdown: markdownOption,
    root: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: "Examine a copy of a server's files instead of this machine",
        zh: '检查某台服务器文件的副本，而不是本机',
      },
    },
    state: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: 'Where samples and backups are kept; default /var/lib/maque/doctor, without root ~/.local/state/maque/doctor',
        zh: '样本与备份的存放目录；默认 /var/lib/maque/doctor，非 root 为 ~/.local/state/maque/doctor',
      },
    },
  },
  run: async (invocation) =>
    (await import('../doctor/run-doctor.ts')).runDoctor(invocation, {
      input: process.stdin,
      output: process.stderr,
    }),
};
