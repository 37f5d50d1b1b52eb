import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';

/** Of memory as the keeper sees it, against what the plan gave. */
export const memoryAlerts: readonly AlertRule[] = [
  {
    name: 'MaqueProcessNearBudget',
    measure: 'maque:process_memory:share',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 0.9, forMinutes: 10 },
      { severity: 'critical', limit: 1, forMinutes: 5 },
    ],
    unit: 'share',
    summary: {
      en: '{app}: {process} holds {value} of its memory budget',
      zh: '{app}：{process} 用了内存预算的 {value}',
    },
    advice: {
      en: 'If it grows: find what leaks. If it stands still there: raise the budget, or take a worker out',
      zh: '如果在增长：去找泄漏。如果稳定在高位：提高预算，或减少一个工作进程',
    },
    guide: GUIDE.budget,
    meaning: {
      short: { en: 'memory (PSS) of a process by its budget', zh: '进程内存（PSS）占其预算的比例' },
      explanation: {
        en: 'The budgets add up to what the box has, so a process beyond its own takes from a neighbour. Below 90 % is usual under load; above 100 % the keeper replaces the worker.',
        zh: '各预算之和就是机器的内存，超出的部分要从邻居那里拿。负载下低于 90% 属正常；超过 100% 守护进程会更换它。',
      },
      source: SOURCES.plan,
    },
    example: (value) => [
      steady('maque_keeper_process_pss_bytes{process="w1"}', value * 200e6),
      steady('maque_keeper_process_budget_bytes{process="w1"}', 200e6),
    ],
  },
  {
    name: 'MaqueBoxMemory',
    measure: 'maque:box_memory:share',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 0.9, forMinutes: 2 },
      { severity: 'critical', limit: 0.95, forMinutes: 1 },
    ],
    unit: 'share',
    summary: {
      en: 'The box of {app}: {value} of its memory is in use',
      zh: '{app} 所在机器：内存已用 {value}',
    },
    advice: {
      en: 'maque_keeper_box_neighbour_bytes names the largest neighbours; `ps aux --sort=-rss | head` all of them',
      zh: 'maque_keeper_box_neighbour_bytes 列出占用最多的邻居；全部见 `ps aux --sort=-rss | head`',
    },
    guide: GUIDE.budget,
    meaning: {
      short: {
        en: 'memory in use of what the box or the control group has',
        zh: '机器（或容器）内存的使用比例',
      },
      explanation: {
        en: 'Page cache is not counted, so nothing can be reclaimed of this. earlyoom asks processes to end at 90 % and kills at 95 %.',
        zh: '不含页缓存，因此这部分无法回收。earlyoom 在 90% 时请进程退出，95% 时强杀。',
      },
      source: SOURCES.guard,
    },
    example: (value) => [
      steady('maque_keeper_box_used_bytes', value * 2e9),
      steady('maque_keeper_box_limit_bytes{kind="machine"}', 2e9),
    ],
  },
  {
    name: 'MaqueMemoryStall',
    measure: 'maque_keeper_box_stall_ratio',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 0.1, forMinutes: 1 },
      { severity: 'critical', limit: 0.4, forMinutes: 1 },
    ],
    unit: 'share',
    summary: {
      en: 'The box of {app}: everything waits for memory {value} of the time',
      zh: '{app} 所在机器：{value} 的时间里所有进程都在等内存',
    },
    advice: {
      en: 'The box is too full to work: end what is not needed, or take a worker out, before the kernel chooses',
      zh: '机器已满到无法工作：先停掉不需要的程序或减一个工作进程，别等内核来选',
    },
    guide: GUIDE.budget,
    meaning: {
      short: {
        en: 'share of time in which all processes waited for memory',
        zh: '所有进程都在等内存的时间比例',
      },
      explanation: {
        en: 'The kernel measures it (PSI, "full"). systemd-oomd kills at 60 % over 30 s; a box that swaps itself to death passes 10 % long before.',
        zh: '由内核测量（PSI 的 full）。systemd-oomd 在 30 秒达到 60% 时杀进程；因换页而瘫痪的机器早就超过 10%。',
      },
      source: SOURCES.guard,
    },
    example: (value) => [steady('maque_keeper_box_stall_ratio', value)],
  },
  {
    name: 'MaqueSwapUsed',
    measure: 'maque_keeper_box_swap_used_bytes',
    alarmsWhen: 'above',
    levels: ({ swapBytes }) =>
      swapBytes > 0
        ? [
            {
              severity: 'warning',
              limit: Math.floor(swapBytes / 2),
              forMinutes: 30,
              formula: `${swapBytes} ÷ 2`,
            },
          ]
        : [],
    unit: 'bytes',
    summary: {
      en: 'The box of {app}: {value} of swap are in use',
      zh: '{app} 所在机器：已用 {value} 交换空间',
    },
    advice: {
      en: 'Something holds more than the plan gave it: compare `maque plan` with `ps aux --sort=-rss`',
      zh: '有程序超出了规划：对照 `maque plan` 与 `ps aux --sort=-rss`',
    },
    guide: GUIDE.budget,
    meaning: {
      short: { en: 'half of the swap space', zh: '交换空间的一半' },
      explanation: {
        en: 'Swap takes what is never used, and a short burst. No plan counts on it: half of it in use for half an hour is memory that the plan does not know of.',
        zh: '交换空间用来放从不使用的内存和短暂的高峰，规划不把它算在内：半小时用掉一半，说明有规划之外的内存。',
      },
      source: SOURCES.plan,
    },
    example: (value) => [steady('maque_keeper_box_swap_used_bytes', value)],
  },
  {
    name: 'MaqueKernelKilled',
    measure: 'sum without (where) (increase(maque_keeper_box_oom_kills_total[15m]))',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'critical', limit: 0, forMinutes: 0 }],
    unit: 'number',
    summary: {
      en: 'The box of {app}: the kernel killed for want of memory',
      zh: '{app} 所在机器：内存耗尽，内核杀死了进程',
    },
    advice: {
      en: '`maque oom` tells who died, who ate it, and what to change',
      zh: '`maque oom` 会说明谁被杀、谁占用、该改什么',
    },
    guide: GUIDE.afterKill,
    meaning: {
      short: { en: 'processes that the kernel killed, in 15 minutes', zh: '15 分钟内被内核杀死的进程' },
      explanation: {
        en: 'Budget and neighbours did not fit together. The next one may be the database.',
        zh: '预算与邻居加起来放不下。下一个被杀的可能是数据库。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_keeper_box_oom_kills_total{where="own"}', value)],
  },
];
