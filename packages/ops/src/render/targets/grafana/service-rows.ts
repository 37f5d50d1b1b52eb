import { HOUR, SECOND } from '@maque/kit';
import { CHOSEN_APP as APP, type Chart, type RowMaker } from './chart.ts';
import { meanings } from './grafana-meanings.ts';

const database: RowMaker = ({ hasServer, exporters }) => {
  const charts: readonly Chart[] = [
    ...(hasServer ? ofServer : []),
    ...(exporters.some(({ job }) => job === 'mysqld') ? ofMysql : []),
    ...(exporters.some(({ job }) => job === 'redis') ? ofRedis : []),
  ];
  return charts.length === 0 ? [] : [{ title: { en: 'Database and cache', zh: '数据库与缓存' }, charts }];
};

const ofServer: readonly Chart[] = [
  {
    title: { en: 'Time in the database, by route', zh: '数据库耗时（按路由）' },
    about: {
      en: 'Seconds of database work in a second: the routes for which an index pays.',
      zh: '每秒花在数据库上的秒数：最值得加索引的路由。',
    },
    unit: 's',
    isStacked: true,
    queries: [
      {
        expr: `topk(8, sum by (route) (rate(maque_route_database_seconds_total{${APP}}[5m])))`,
        legend: '{{route}}',
      },
    ],
  },
  {
    title: { en: 'Slow statements and lists without an index', zh: '慢语句与无索引列表' },
    about: { en: 'In an hour. The log has each of them.', zh: '一小时内的次数，日志里有每一条。' },
    unit: 'short',
    queries: [
      {
        expr: `sum(increase(maque_slow_statements_total{${APP}}[1h]))`,
        legend: { en: 'slow statements', zh: '慢语句' },
      },
      {
        expr: `sum(increase(maque_unindexed_lists_total{${APP}}[1h]))`,
        legend: { en: 'lists without an index', zh: '无索引列表' },
      },
    ],
  },
  {
    title: { en: 'Answers from the cache', zh: '缓存命中' },
    about: { en: 'Share of reads that the cache could answer.', zh: '缓存能直接应答的读取比例。' },
    unit: 'percentunit',
    queries: [{ expr: `maque:cache_hits:share5m{${APP}}`, legend: '{{app}}' }],
  },
];

const ofMysql: readonly Chart[] = [
  {
    title: { en: 'Connections to the database', zh: '数据库连接' },
    about: { en: 'Open, and how many there may be.', zh: '已打开的与上限。' },
    unit: 'short',
    queries: [
      { expr: 'mysql_global_status_threads_connected', legend: { en: 'open', zh: '已打开' } },
      { expr: 'mysql_global_variables_max_connections', legend: { en: 'limit', zh: '上限' }, isLimit: true },
    ],
  },
  {
    title: { en: 'Reads that went to the disk', zh: '读磁盘的比例' },
    about: {
      en: 'Share of reads that the buffer pool could not answer; above one in a hundred it is too small.',
      zh: '缓冲池没能应答的读取比例；超过百分之一说明太小。',
    },
    unit: 'percentunit',
    queries: [
      {
        expr: 'rate(mysql_global_status_innodb_buffer_pool_reads[5m]) / rate(mysql_global_status_innodb_buffer_pool_read_requests[5m])',
        legend: '{{box}}',
      },
    ],
  },
];

const ofRedis: readonly Chart[] = [
  {
    title: { en: 'Redis', zh: 'Redis' },
    about: {
      en: 'Memory of the data, and the limit beyond which it forgets or refuses.',
      zh: '数据占用的内存，以及开始淘汰或拒绝写入的上限。',
    },
    unit: 'bytes',
    queries: [
      { expr: 'redis_memory_used_bytes', legend: { en: 'in use', zh: '已用' } },
      { expr: 'redis_memory_max_bytes', legend: { en: 'limit', zh: '上限' }, isLimit: true },
    ],
  },
];

const wechat: RowMaker = ({ hasServer, hasPayments }) =>
  hasServer
    ? [
        {
          title: { en: 'WeChat, payments and jobs', zh: '微信、支付与任务' },
          charts: [...ofWechat, ...(hasPayments ? ofPayments : []), ...ofJobs],
        },
      ]
    : [];

const ofWechat: readonly Chart[] = [
  {
    title: { en: 'Calls of WeChat by result', zh: '微信调用（按结果）' },
    about: { en: 'All but ok deserves a look.', zh: '除 ok 以外都值得看一眼。' },
    unit: 'reqps',
    isStacked: true,
    queries: [{ expr: `sum by (result) (rate(maque_wechat_calls_total{${APP}}[5m]))`, legend: '{{result}}' }],
  },
  {
    title: { en: 'How long WeChat takes', zh: '微信应答耗时' },
    about: { en: '95 of 100 calls are faster.', zh: '95% 的调用快于此值。' },
    unit: 's',
    limit: { value: 2, meaning: meanings.wechat_latency },
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le) (rate(maque_wechat_call_seconds_bucket{${APP}}[15m])))`,
        legend: 'p95',
      },
    ],
  },
  {
    title: { en: 'Quota left today', zh: '今日剩余额度' },
    about: { en: 'By path, as last known.', zh: '按接口，以最近一次得知为准。' },
    unit: 'short',
    queries: [{ expr: `min by (path) (maque_wechat_quota_left{${APP}})`, legend: '{{path}}' }],
  },
];

const ofPayments: readonly Chart[] = [
  {
    title: { en: 'Payments', zh: '支付' },
    about: {
      en: 'Open, and open for more than an hour: somebody has to look at those.',
      zh: '未完成的，以及超过一小时未完成的：后者需要人工查看。',
    },
    unit: 'short',
    queries: [
      { expr: `max by (app) (maque_payments_pending{${APP}})`, legend: { en: 'open', zh: '未完成' } },
      { expr: `max by (app) (maque_payments_overdue{${APP}})`, legend: { en: 'overdue', zh: '超时' } },
    ],
  },
];

const ofJobs: readonly Chart[] = [
  {
    title: { en: 'Jobs', zh: '任务' },
    about: { en: 'Waiting, running, and given up.', zh: '等待、运行与已放弃。' },
    unit: 'short',
    queries: [
      { expr: `max by (app) (maque_jobs_waiting{${APP}})`, legend: { en: 'waiting', zh: '等待' } },
      { expr: `max by (app) (maque_jobs_running{${APP}})`, legend: { en: 'running', zh: '运行' } },
      { expr: `max by (app) (maque_jobs_dead{${APP}})`, legend: { en: 'given up', zh: '已放弃' } },
    ],
  },
  {
    title: { en: 'Age of the newest backup', zh: '最新备份距今' },
    about: { en: 'Of those in the data folder; one is made a day.', zh: '数据目录中的备份，每天一份。' },
    unit: 's',
    limit: { value: (48 * HOUR) / SECOND, meaning: meanings.backup_age },
    queries: [
      {
        expr: `time() - max by (app) (maque_backup_last_success_timestamp_seconds{${APP}})`,
        legend: '{{app}}',
      },
    ],
  },
];

export const serviceRows: readonly RowMaker[] = [database, wechat];
