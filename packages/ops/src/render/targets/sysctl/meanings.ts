import { defineMeanings } from '../../meaning.ts';

export const meanings = defineMeanings('sysctl', {
  overcommit_memory: {
    short: {
      en: '1 where Redis runs: memory may be promised beyond what there is; else 0, as the kernel has it',
      zh: '有 Redis 时为 1：允许承诺超出实际的内存；否则为 0，即内核默认',
    },
    explanation: {
      en: 'A fork promises the child a copy of all memory, of which it writes little. With 0 the kernel refuses that when the data are larger than what is free, and Redis keeps no snapshot; with 2 requests fail although memory is free.',
      zh: 'fork 会承诺给子进程一份完整副本，实际只写很少。为 0 时，数据大于空闲内存就被拒绝，Redis 快照失败；为 2 时，明明有空闲也会申请失败。',
    },
    source: {
      en: '1 with Redis, else 0, the kernel’s own; redis-server --check-system, check A6 of the doctor.',
      zh: '有 Redis 为 1，否则为内核默认 0；见 redis-server --check-system，体检 A6。',
    },
  },
  swappiness: {
    short: { en: 'how soon memory in use goes to swap', zh: '多早把使用中的内存换出' },
    explanation: {
      en: 'High, the kernel swaps out programs to keep files in its cache, and the next request waits for the disk. At 0 swap is used when it is nearly too late. Swap in compressed memory costs so little that a high value pays.',
      zh: '值高时，内核为了保留文件缓存而换出程序，下一个请求就要等磁盘；为 0 则几乎来不及时才用。zram 代价很小，值高反而划算。',
    },
    source: {
      en: '10 with swap on a disk, 100 with zram; check A5 of the doctor.',
      zh: '磁盘交换用 10，zram 用 100；体检 A5。',
    },
  },
  panic_on_oom: {
    short: {
      en: '0: without memory one process ends, not the machine',
      zh: '0：内存耗尽时结束一个进程，而不是整机崩溃',
    },
    explanation: {
      en: 'With 1 the whole machine goes down for one leak.',
      zh: '为 1 时，一次泄漏就会让整机崩溃。',
    },
    source: { en: 'The kernel’s own; check A9 of the doctor.', zh: '内核默认值；体检 A9。' },
  },
  oom_kill_allocating_task: {
    short: {
      en: '0: who has the memory is killed, not who asked last',
      zh: '0：杀占用内存的进程，而不是最后申请的',
    },
    explanation: {
      en: 'With 1 the victim is whoever happened to ask, mostly an innocent one.',
      zh: '为 1 时，被杀的是恰好在申请的进程，多半是无辜的。',
    },
    source: { en: 'The kernel’s own; check A9 of the doctor.', zh: '内核默认值；体检 A9。' },
  },
  oom_dump_tasks: {
    short: {
      en: '1: after a kill the log tells who had the memory',
      zh: '1：杀进程后，日志记录各进程的内存占用',
    },
    explanation: {
      en: 'The table of processes that maque oom reads. Without it nobody can tell the culprit from the victim.',
      zh: 'maque oom 需要的进程表；没有它就分不清元凶和受害者。',
    },
    source: { en: 'The kernel’s own; check A9 of the doctor.', zh: '内核默认值；体检 A9。' },
  },
  dirty_background_bytes: {
    short: {
      en: 'from here on written data go to the disk in the background',
      zh: '脏页超过此值开始后台写盘',
    },
    explanation: {
      en: 'By default a tenth of all memory gathers before anything is written, and then all at once: a backup or an upload makes the database wait for seconds.',
      zh: '默认积累到内存的十分之一才写盘，然后一次写完：备份或上传时，数据库要等好几秒。',
    },
    source: {
      en: '16 MiB, half a second of the cheapest cloud disk. An assumption.',
      zh: '16 MiB，最便宜的云盘约半秒可写完。为假定值。',
    },
  },
  dirty_bytes: {
    short: { en: 'from here on whoever writes has to wait', zh: '脏页超过此值，写入者须等待' },
    explanation: {
      en: 'By default a fifth of all memory, which on a small box is memory that the plan has given to somebody.',
      zh: '默认是内存的五分之一；在小机器上，这部分内存规划里已经分给别人了。',
    },
    source: { en: 'Four times the background value. An assumption.', zh: '后台值的四倍，为假定值。' },
  },
  somaxconn: {
    short: { en: 'connections that may wait to be accepted', zh: '等待接受的连接队列长度' },
    explanation: {
      en: 'While a worker is busy for a moment, new connections wait here. Full, they are dropped, and phones try again after a second. Linux before 5.4 had 128.',
      zh: '工作进程短暂忙碌时，新连接在此排队；满了就丢弃，手机要一秒后重试。Linux 5.4 之前默认只有 128。',
    },
    source: { en: '4096, the default since Linux 5.4.', zh: '4096，Linux 5.4 起的默认值。' },
  },
  tcp_max_syn_backlog: {
    short: { en: 'connections that are half open', zh: '半开连接队列长度' },
    explanation: {
      en: 'Phones on bad networks take long for a handshake; when the queue is full, others do not get in.',
      zh: '弱网下手机握手很慢；队列满了，别人就进不来。',
    },
    source: { en: 'As somaxconn.', zh: '与 somaxconn 相同。' },
  },
  tcp_slow_start_after_idle: {
    short: {
      en: '0: a connection that was idle goes on as fast as before',
      zh: '0：空闲过的连接保持原来的速度',
    },
    explanation: {
      en: 'nginx keeps connections of phones open; with 1 each answer after a pause begins slowly again.',
      zh: 'nginx 会保持手机的连接；为 1 时，每次停顿后都重新慢启动。',
    },
    source: {
      en: 'What nginx and CDN operators advise for kept connections.',
      zh: 'nginx 与 CDN 运维对长连接的常见建议。',
    },
  },
  tcp_keepalive_time: {
    short: {
      en: 'after so many silent seconds it is asked whether the other side lives',
      zh: '连接沉默多少秒后探测对方是否在线',
    },
    explanation: {
      en: 'Phones vanish without a word. The default of two hours keeps their sockets, and the memory of each, for as long.',
      zh: '手机会一声不响地消失。默认两小时才探测，期间连接和内存都白占着。',
    },
    source: { en: '300 s. An assumption.', zh: '300 秒，为假定值。' },
  },
  tcp_keepalive_intvl: {
    short: { en: 'seconds between two questions', zh: '两次探测的间隔（秒）' },
    explanation: {
      en: 'With five questions it takes two and a half minutes to give up.',
      zh: '探测五次，两分半后放弃。',
    },
    source: { en: '30 s. An assumption.', zh: '30 秒，为假定值。' },
  },
  tcp_keepalive_probes: {
    short: { en: 'questions without an answer until it is given up', zh: '无应答多少次后放弃' },
    explanation: { en: 'Fewer give up phones that are in a tunnel.', zh: '太少会误断正在过隧道的手机。' },
    source: { en: '5. An assumption.', zh: '5，为假定值。' },
  },
  panic: {
    short: {
      en: 'seconds until the machine starts again after its kernel has died',
      zh: '内核崩溃后多少秒自动重启',
    },
    explanation: {
      en: 'With 0 it stands still until somebody presses the button in the cloud’s console.',
      zh: '为 0 时，机器会一直停着，直到有人在云控制台点重启。',
    },
    source: { en: '10 s, long enough to be recorded on the console.', zh: '10 秒，足够在控制台留下记录。' },
  },
});
