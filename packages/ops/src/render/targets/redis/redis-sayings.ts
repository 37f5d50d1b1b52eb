import type { Text } from '@maque/kit';

/** Why something without a number is as it is. */
export const REDIS_SAYINGS = {
  local: {
    en: 'This box alone: an open Redis is found within hours. There is no password here; who wants one writes requirepass\ninto this file and takes reading it from all others (chmod 640, chown redis:redis).',
    zh: '只允许本机访问：暴露的 Redis 几小时内就会被扫到。这里不写密码；需要时在本文件中加 requirepass，\n并收回他人的读权限（chmod 640、chown redis:redis）。',
  },
  socket: {
    en: 'A shorter way for apps whose user is in the group redis.',
    zh: '属于 redis 组的应用可走这条更短的路。',
  },
  noRenames: {
    en: 'No rename-command: libraries of queues need CONFIG, INFO and EVAL, and who is in can do harm without FLUSHALL.',
    zh: '不使用 rename-command：队列库需要 CONFIG、INFO、EVAL，而能连进来的人不靠 FLUSHALL 也能搞破坏。',
  },
  cache: {
    en: 'A cache: at the limit what was not used longest goes.',
    zh: '缓存：到上限时淘汰最久未用的键。',
  },
  queue: {
    en: 'Jobs and sessions: nothing is ever removed, writes are refused instead (BullMQ demands it).',
    zh: '任务与会话：绝不淘汰，满了就拒绝写入（BullMQ 要求如此）。',
  },
  notKept: {
    en: 'Nothing is written to the disk, so nothing is copied in memory for it either; a restart begins empty.',
    zh: '不落盘，也就不会因 fork 复制内存；重启后是空的。',
  },
  kept: {
    en: 'A log of every change, on the disk after a second at most; no snapshots beside it.\nA Redis that only had snapshots must turn this on while it runs (CONFIG SET appendonly yes), or it starts empty.',
    zh: '记录每次修改，最多一秒后落盘；不再另做快照。\n原来只有快照的 Redis 必须先在运行中执行 CONFIG SET appendonly yes，否则重启后是空的。',
  },
  wait: {
    en: 'Only a queue that cannot be written down any more should stop.',
    zh: '仅在写不进磁盘时停止写入。',
  },
  lazy: {
    en: 'Large keys are given back by a thread of its own: nobody waits for them.',
    zh: '大键由后台线程释放，不阻塞他人。',
  },
  systemd: {
    en: 'systemd keeps it running, and says which process goes first without memory.',
    zh: '由 systemd 守护，内存耗尽时谁先退出也由它决定。',
  },
} satisfies Record<string, Text>;
