import { defineMeanings } from '../../meaning.ts';

export const meanings = defineMeanings('journald', {
  SystemMaxUse: {
    short: { en: 'all of the journal together, on the disk', zh: '磁盘上日志的总大小' },
    explanation: {
      en: 'Untold it takes a tenth of the disk, up to 4 GiB. Nobody reads what is a month old; too small, the lines of the night are gone when somebody looks.',
      zh: '不设置时最多占磁盘十分之一、封顶 4 GiB。一个月前的日志没人看；太小，则出事时前一夜的记录已被冲掉。',
    },
    source: {
      en: 'A hundredth of what is free on the disk, 64 to 500 MiB; 200 where that is not known.',
      zh: '磁盘空闲的百分之一，64 到 500 MiB；未知时为 200。',
    },
  },
  SystemMaxFileSize: {
    short: { en: 'one file of it', zh: '单个日志文件的大小' },
    explanation: {
      en: 'The oldest file goes as a whole, and the newest is mapped into memory. A tenth keeps both small.',
      zh: '清理时整个删除最旧的文件，最新的文件会映射到内存；取十分之一，两者都小。',
    },
    source: { en: 'A tenth of SystemMaxUse.', zh: 'SystemMaxUse 的十分之一。' },
  },
  RuntimeMaxUse: {
    short: { en: 'in memory, before the disk is there', zh: '磁盘可用之前占用的内存' },
    explanation: {
      en: 'What lies in /run is memory, and counts against everybody’s.',
      zh: '/run 里的内容就是内存，会挤占所有人的份额。',
    },
    source: { en: '32 MiB. An assumption.', zh: '32 MiB，为假定值。' },
  },
  MaxRetentionSec: {
    short: { en: 'older lines go', zh: '删除更早的日志' },
    explanation: {
      en: 'Logs carry personal data; nothing that is older helps to find a fault.',
      zh: '日志含个人信息；更早的内容对排查已无帮助。',
    },
    source: {
      en: '60 days; China’s Cybersecurity Law asks operators for six months of network logs, which the access log keeps.',
      zh: '60 天；《网络安全法》要求留存六个月的网络日志由访问日志承担。',
    },
  },
  RateLimitBurst: {
    short: {
      en: 'lines of one service within 30 s; more are dropped and counted',
      zh: '单个服务 30 秒内的行数，超出丢弃并计数',
    },
    explanation: {
      en: 'A loop that logs takes processor and disk from all others. Too few, and the lines that matter are among the dropped.',
      zh: '死循环打日志会抢占所有人的 CPU 和磁盘；太小则重要的行也会被丢掉。',
    },
    source: {
      en: '3000: 100 lines a second, from where check G5 of the doctor warns. systemd’s own 10000 are 300.',
      zh: '3000，即每秒 100 行，与体检 G5 的阈值一致；systemd 默认 10000（每秒 300 行）。',
    },
  },
});
