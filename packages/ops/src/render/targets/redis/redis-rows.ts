import type { Meaning } from '../../meaning.ts';

type Row = Omit<Meaning, 'id'>;

const REDIS_DOCS = { en: 'redis.conf of Redis 7, its comments', zh: 'Redis 7 的 redis.conf 注释' };

/** Every number of `redis.conf`. */
export const REDIS_ROWS = {
  port: {
    short: { en: 'where apps of this box reach it', zh: '本机应用连接它的端口' },
    explanation: {
      en: 'On 127.0.0.1 only. The first Redis of a box has the usual port, each further one the next.',
      zh: '只在 127.0.0.1 上监听。第一个 Redis 用常用端口，后面的依次加一。',
    },
    source: { en: "Redis's default", zh: 'Redis 默认值' },
  },
  unixsocketperm: {
    short: { en: 'the socket is for its user and its group', zh: '套接字只给属主与同组用户' },
    explanation: {
      en: 'Whoever may write to the socket may do anything with the data. usermod -aG redis shop lets the app in.',
      zh: '能写套接字的人就能任意操作数据。用 usermod -aG redis shop 让应用加入该组。',
    },
    source: REDIS_DOCS,
  },
  maxmemory: {
    short: { en: 'where it stops growing', zh: '内存增长的上限' },
    explanation: {
      en: 'Without it Redis grows until the kernel kills something, seldom Redis. At the limit a cache forgets what was not used longest, and a queue refuses new jobs with an error: then find out why jobs are not worked off before you raise it.',
      zh: '不设上限会一直涨到内核杀进程，而被杀的往往不是 Redis。到上限时，缓存会淘汰最久未用的键；队列会报错拒绝新任务，应先查任务为何积压再调高。',
    },
    source: { en: 'the plan: data × 1.1, or its share of the box', zh: '规划：数据 × 1.1，或分到的份额' },
  },
  maxclients: {
    short: { en: 'connections at once', zh: '同时连接数' },
    explanation: {
      en: 'Each idle one takes 9 KiB. The default of 10,000 is for machines with gigabytes; a pool that leaks connections shows here as "max number of clients reached".',
      zh: '每个空闲连接占 9 KiB。默认 10000 适合大内存机器；连接泄漏时会报 max number of clients reached。',
    },
    source: { en: 'the plan; 9 KiB measured', zh: '规划；9 KiB 为实测' },
  },
  client_output_buffers: {
    short: {
      en: 'answers that a client does not take; beyond it the client is cut off',
      zh: '客户端未取走的响应；超过则断开它',
    },
    explanation: {
      en: 'Without a bound (the default for normal clients) one KEYS * or one stuck subscriber takes all of the memory, past maxmemory.',
      zh: '普通客户端默认没有上限：一个 KEYS * 或卡住的订阅者就能吃光内存，maxmemory 也管不住。',
    },
    source: REDIS_DOCS,
  },
  client_query_buffer: {
    short: { en: 'the longest command', zh: '最长的一条命令' },
    explanation: {
      en: 'The default of 1 GiB lets one client take the whole box. Values of several MiB belong in files.',
      zh: '默认 1 GiB，一个客户端就能占满机器。几 MiB 的值应放文件里。',
    },
    source: REDIS_DOCS,
  },
  tcp_backlog: {
    short: { en: 'connections that wait to be accepted', zh: '等待接受的连接' },
    explanation: {
      en: 'Counts up to net.core.somaxconn of the kernel; after a deploy all pools connect in the same second.',
      zh: '受内核 net.core.somaxconn 限制；发布后所有连接池会在同一秒连接。',
    },
    source: REDIS_DOCS,
  },
  tcp_keepalive: {
    short: { en: 'how often a silent client is asked whether it is there', zh: '多久探测一次沉默的客户端' },
    explanation: {
      en: 'Without it connections of a crashed app stay for ever and count against maxclients.',
      zh: '不设则崩溃的应用留下的连接永远占着 maxclients。',
    },
    source: REDIS_DOCS,
  },
  aof_rewrite: {
    short: {
      en: 'the log is written anew when it has doubled, and is at least this large',
      zh: '日志翻倍且至少这么大时重写',
    },
    explanation: {
      en: 'A rewrite forks: what is written meanwhile is in memory twice, half of the data is planned for it. Too small a limit rewrites all the time.',
      zh: '重写会 fork：期间被改写的内存页有两份，规划按数据的一半预留。太小会一直重写。',
    },
    source: {
      en: 'a quarter of maxmemory; the plan has the copies',
      zh: 'maxmemory 的四分之一；副本已计入规划',
    },
  },
  slow_log: {
    short: {
      en: 'commands slower than this are kept, the last 128',
      zh: '慢于此值的命令会被记录，保留最近 128 条',
    },
    explanation: {
      en: 'Redis does one thing at a time: a command of 10 ms lets all others wait. SLOWLOG GET shows them.',
      zh: 'Redis 一次只做一件事：一条 10 毫秒的命令会让所有人等。用 SLOWLOG GET 查看。',
    },
    source: { en: "Redis's default", zh: 'Redis 默认值' },
  },
  latency_monitor: {
    short: {
      en: 'what stalls for longer is kept for LATENCY DOCTOR',
      zh: '停顿超过此值会被记录，供 LATENCY DOCTOR 查看',
    },
    explanation: {
      en: 'Forks and slow disks show here. It costs nothing.',
      zh: 'fork 和慢磁盘会在这里显示，没有开销。',
    },
    source: REDIS_DOCS,
  },
  databases: {
    short: { en: 'numbered databases', zh: '编号数据库的数量' },
    explanation: {
      en: 'Several apps may share one Redis by number; policy and limit count for all of them together.',
      zh: '多个应用可用编号共用一个 Redis；淘汰策略与上限对全部一起生效。',
    },
    source: { en: "Redis's default", zh: 'Redis 默认值' },
  },
} as const satisfies Record<string, Row>;
