import type { Meaning } from '../../meaning.ts';

/** Numbers in what is added to the unit of a distribution. */
export const UNIT_MEANINGS = {
  memory_max: {
    short: {
      en: 'its budget in the plan, and 5 % for what no sum foresees',
      zh: '规划中的预算，再加 5% 余量',
    },
    explanation: {
      en: 'At this limit the kernel ends a process of this service, and no other service has to die for it. Too low kills a healthy service; none lets one leak take the whole box.',
      zh: '达到此上限时，内核只结束本服务的进程，不连累其他服务。太低会误杀健康的服务；不设则一个泄漏能拖垮整台机器。',
    },
    source: { en: 'the plan: budget × 1.05', zh: '规划：预算 × 1.05' },
  },
  memory_high: {
    short: { en: 'above this it is slowed down first', zh: '超过此值先减速' },
    explanation: {
      en: 'The brake before the wall: the service has to give memory back before it gets more. The budget is the most that a healthy one holds: lower, it would be slowed down as soon as its pools are full; far below the limit, it would crawl for minutes without a word in any log.',
      zh: '撞墙前的刹车：要先归还内存才能再申请。预算是健康服务的最大占用：再低，缓冲池一满就会被减速；离上限太远，服务会慢上几分钟，而任何日志都没有记录。',
    },
    source: {
      en: 'the plan: the budget; at least 90 % of MemoryMax',
      zh: '规划：即预算，且不低于 MemoryMax 的 90%',
    },
  },
  oom_score_adjust: {
    short: {
      en: 'who is killed first when the whole box is out of memory: the highest',
      zh: '整机内存耗尽时谁先被杀：数值最高者',
    },
    explanation: {
      en: 'sshd -1000 by itself, database -500, Redis -300, nginx -200, apps +200: who holds the data of all goes last, who is back in a second goes first.',
      zh: 'sshd 自行设为 -1000、数据库 -500、Redis -300、nginx -200、应用 +200：存着所有人数据的最后，一秒就能恢复的最先。',
    },
    source: { en: 'the plan; what maque doctor demands (A10)', zh: '规划；maque doctor 的要求（A10）' },
  },
  limit_nofile: {
    short: { en: 'files and sockets that it may have open', zh: '可打开的文件与套接字数' },
    explanation: {
      en: 'To the kernel a connection is a file, and the usual limit of 1024 is a thousand clients. A high limit costs nothing.',
      zh: '对内核来说连接也是文件，常见的 1024 只够一千个客户端。上限高一些没有代价。',
    },
    source: { en: 'what maque doctor demands (B7)', zh: 'maque doctor 的要求（B7）' },
  },
  restart_seconds: {
    short: {
      en: 'started again after so many seconds, whatever ended it',
      zh: '无论因何退出，几秒后重新启动',
    },
    explanation: {
      en: 'Without Restart=always a service that was killed stays down until somebody looks. The pause keeps one that cannot start from taking all of the CPU.',
      zh: '不设 Restart=always，被杀的服务会一直停着直到有人发现。间隔可避免启动失败的服务占满 CPU。',
    },
    source: { en: 'what maque doctor demands (B6)', zh: 'maque doctor 的要求（B6）' },
  },
} as const satisfies Record<string, Omit<Meaning, 'id'>>;
