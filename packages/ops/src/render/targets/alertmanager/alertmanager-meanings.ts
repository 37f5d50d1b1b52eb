import { defineMeanings, type Meaning } from '../../meaning.ts';
import { UNIT_MEANINGS } from '../unit/unit-meanings.ts';

const SAME_AS_KEEPER = {
  en: "as the keeper's own alerts do it",
  zh: '与守护进程自带的告警一致',
};
const CHOSEN = { en: 'chosen for a team of a few', zh: '按几个人的小团队取值' };

const OWN = {
  resolve_timeout: {
    short: {
      en: 'an alert that Prometheus no longer mentions is over after this',
      zh: 'Prometheus 不再提及的告警多久后视为恢复',
    },
    explanation: {
      en: 'Prometheus repeats what still is. Silence for so long means that it is over, or that Prometheus is gone; shorter, and a restart of Prometheus says that all is well.',
      zh: 'Prometheus 会不断重复仍存在的告警。这么久没有消息，表示已恢复或 Prometheus 自己停了；太短则重启一次就误报恢复。',
    },
    source: { en: "Alertmanager's own default", zh: 'Alertmanager 的默认值' },
  },
  group_wait: {
    short: { en: 'what comes within this becomes one message', zh: '这段时间内的告警合并成一条消息' },
    explanation: {
      en: 'One cause sets off several alerts within a minute. Waiting for half of one makes a message of them; longer, and the first word comes late.',
      zh: '一个原因会在一分钟内触发好几条。等半分钟就能合成一条消息；再长，第一条就太迟了。',
    },
    source: CHOSEN,
  },
  group_wait_critical: {
    short: { en: 'the same for what is urgent', zh: '紧急告警的合并等待时间' },
    explanation: {
      en: 'Long enough that the restart of a box is one message, short enough for somebody who is to run.',
      zh: '够把一次整机故障合成一条，也不耽误需要立刻处理的人。',
    },
    source: CHOSEN,
  },
  group_interval: {
    short: { en: 'news of a known trouble come at most so often', zh: '同一组告警有变化时的最短通知间隔' },
    explanation: {
      en: 'While a box is in trouble alerts come and go every minute. Five minutes make it readable.',
      zh: '机器出故障时告警每分钟都在增减，五分钟一条才读得过来。',
    },
    source: { en: "Alertmanager's own default", zh: 'Alertmanager 的默认值' },
  },
  repeat_interval: {
    short: { en: 'a warning that stays is repeated after this', zh: '警告一直存在时的重复间隔' },
    explanation: {
      en: 'Twice a day reminds without wearing out. Who repeats every hour teaches people to look away.',
      zh: '一天两次，提醒而不烦人。每小时重复一次，只会让人学会视而不见。',
    },
    source: CHOSEN,
  },
  repeat_interval_critical: {
    short: { en: 'an urgent alert that stays is repeated after this', zh: '紧急告警一直存在时的重复间隔' },
    explanation: {
      en: 'Somebody may have slept through the first one.',
      zh: '第一条可能没人看到。',
    },
    source: SAME_AS_KEEPER,
  },
  quiet_hours: {
    short: {
      en: 'warnings wait until the morning; what is urgent comes at once',
      zh: '警告留到早上，紧急的立即发送',
    },
    explanation: {
      en: 'What can wait is kept and told when the time is over. Set other hours, or none, by changing times; end with 24:00, since an interval does not go past midnight.',
      zh: '不急的先留着，时段结束后再发。改 times 可换时段；跨午夜要拆成两段，以 24:00 结束。',
    },
    source: SAME_AS_KEEPER,
  },
  most_alerts: {
    short: {
      en: 'so many stand in one message; WeCom cuts at 2048 bytes',
      zh: '一条消息最多列出的条数；企业微信超过 2048 字节会截断',
    },
    explanation: {
      en: 'Five alerts with what to do are some 1500 bytes. What is beyond is counted at the end.',
      zh: '五条告警连同处理建议约 1500 字节。超出的在末尾只报数量。',
    },
    source: {
      en: 'WeCom, application messages: text of at most 2048 bytes',
      zh: '企业微信应用消息：文本最长 2048 字节',
    },
  },
  beijing_time: {
    short: {
      en: 'Beijing is eight hours ahead of UTC, in nanoseconds',
      zh: '北京时间比 UTC 早八小时，单位纳秒',
    },
    explanation: {
      en: 'Alertmanager writes UTC; who is woken up reads the clock on the wall.',
      zh: 'Alertmanager 只写 UTC；被叫醒的人看的是墙上的钟。',
    },
    source: { en: '8 × 3600 × 10⁹', zh: '8 × 3600 × 10⁹' },
  },
  gomemlimit: {
    short: { en: 'where the Go runtime begins to collect harder', zh: 'Go 运行时开始加紧回收的界限' },
    explanation: {
      en: 'Without it Go lets the heap double between collections and meets MemoryMax while half of it is garbage.',
      zh: '不设时 Go 允许堆在两次回收之间翻倍，一半是垃圾就撞上 MemoryMax。',
    },
    source: { en: 'the plan: 90 % of the budget', zh: '规划：预算的 90%' },
  },
  retention: {
    short: { en: 'how long silences and what was told are remembered', zh: '静默与通知记录的保留时间' },
    explanation: {
      en: 'Longer than the longest repeat, or a message is sent again for want of memory.',
      zh: '要比最长的重复间隔更久，否则会忘记发过而重发。',
    },
    source: { en: "Alertmanager's own default", zh: 'Alertmanager 的默认值' },
  },
} as const satisfies Readonly<Record<string, Omit<Meaning, 'id'>>>;

type Key = keyof typeof OWN | keyof typeof UNIT_MEANINGS;

export const meanings = defineMeanings<Key>('alertmanager', { ...OWN, ...UNIT_MEANINGS });
