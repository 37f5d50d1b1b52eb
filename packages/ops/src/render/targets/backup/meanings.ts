import { defineMeanings } from '../../meaning.ts';

export const meanings = defineMeanings('backup', {
  keep: {
    short: { en: 'backups that are kept, one a night', zh: '保留的备份份数，每晚一份' },
    explanation: {
      en: 'A mistake is mostly found within days. The oldest goes only when a new one is there and whole.',
      zh: '误操作多在几天内发现。只有新备份完整写好后，才删除最旧的。',
    },
    source: { en: '14. An assumption.', zh: '14，为假定值。' },
  },
  freeFactor: {
    short: {
      en: 'so many times the last backup must be free on the disk',
      zh: '磁盘空闲至少为上一份备份的多少倍',
    },
    explanation: {
      en: 'A backup that fills the disk stops the database that it was to save. With too little room none is made, the unit fails, and the doctor finds the old age of the last one (check G7).',
      zh: '备份写满磁盘会让它要保护的数据库停摆。空间不足时不备份，单元报错，体检会发现备份过旧（G7）。',
    },
    source: {
      en: '2: the new one, and as much again for everybody else.',
      zh: '2：一份给新备份，一份留给其他程序。',
    },
  },
  freeLeast: {
    short: { en: 'and never less than this, in bytes', zh: '且不少于此值（字节）' },
    explanation: {
      en: 'Before the first backup nobody knows how large it is.',
      zh: '第一次备份之前，谁也不知道它有多大。',
    },
    source: { en: '512 MiB. An assumption.', zh: '512 MiB，为假定值。' },
  },
  hour: {
    short: { en: 'at night, between the package jobs', zh: '深夜，避开包管理任务' },
    explanation: {
      en: 'Reading the whole database pushes other files out of the page cache; at that hour nobody waits for them.',
      zh: '读取整个数据库会把其他文件挤出页缓存；这个时间没人在等。',
    },
    source: {
      en: '03:20 what Maque keeps, 03:40 a database. An assumption.',
      zh: 'Maque 的数据 03:20，数据库 03:40。为假定值。',
    },
  },
  MemoryMax: {
    short: {
      en: 'all that it may take; from the reserve of the plan',
      zh: '最多占用的内存，出自规划中的预留',
    },
    explanation: {
      en: 'A dump that reads row by row and compresses takes about 20 MiB; what takes more is wrong, and is ended before it costs the database.',
      zh: '逐行读取并压缩约占 20 MiB；超出说明有问题，应在影响数据库之前结束。',
    },
    source: {
      en: '96 MiB; Maque’s own backup 256, for it starts Node (72 measured). An assumption.',
      zh: '96 MiB；Maque 自己的备份要启动 Node（实测 72），为 256。为假定值。',
    },
  },
  OOMScoreAdjust: {
    short: { en: 'goes before everything else', zh: '内存耗尽时最先被杀' },
    explanation: { en: 'It can be made again tomorrow.', zh: '明天还可以再做。' },
    source: { en: '800, as for all jobs; check A10 of the doctor.', zh: '800，与其他任务一致；体检 A10。' },
  },
  Nice: {
    short: { en: 'lowest claim on the processor', zh: '最低的 CPU 优先级' },
    explanation: {
      en: 'Compression takes a whole core for minutes; requests go first.',
      zh: '压缩会占满一个核几分钟；请求优先。',
    },
    source: { en: '19, the lowest there is.', zh: '19，最低优先级。' },
  },
  timeout: {
    short: { en: 'a backup that takes longer hangs, in seconds', zh: '超过此秒数视为卡死' },
    explanation: {
      en: 'systemd itself would wait for ever, and the next night would bring none.',
      zh: 'systemd 默认会一直等，下一晚就没有备份了。',
    },
    source: { en: '2 hours. An assumption.', zh: '2 小时，为假定值。' },
  },
});
