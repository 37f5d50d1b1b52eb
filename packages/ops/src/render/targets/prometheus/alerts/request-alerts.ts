import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';

/** A share of a handful of requests is chance: fifteen in five minutes at the least. */
const ENOUGH_FOR_A_SHARE = 'maque:requests:rate5m > 0.05';
/** The slowest of a hundred needs more than a hundred: 150 in five minutes. */
const ENOUGH_FOR_A_PERCENTILE = 'maque:requests:rate5m > 0.5';

const requests = (perSecond: number) =>
  rising('maque_http_requests_total{worker="w1",route="GET /api/products"}', perSecond * 60);

/** Ten requests a second of which all take so long; within a bucket Prometheus counts evenly. */
function requestsThatTake(seconds: number) {
  const bucket = (le: string, perMinute: number) =>
    rising(`maque_http_request_duration_seconds_bucket{worker="w1",le="${le}"}`, perMinute);
  return [requests(10), bucket('0.000001', 0), bucket(String(seconds / 0.99), 600), bucket('+Inf', 600)];
}

/** Of requests: turned away, failed, slow. */
export const requestAlerts: readonly AlertRule[] = [
  {
    name: 'MaqueServerErrors',
    measure: 'maque:errors:share5m',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 0.01, forMinutes: 5 },
      { severity: 'critical', limit: 0.1, forMinutes: 2 },
    ],
    guard: ENOUGH_FOR_A_SHARE,
    unit: 'share',
    summary: { en: '{app}: {value} of all requests fail (5xx)', zh: '{app}：{value} 的请求失败（5xx）' },
    advice: {
      en: `grep -h '"level":50' data/logs/*.log | tail; then df -h: a full disk fails everything that writes`,
      zh: `先看 grep -h '"level":50' data/logs/*.log | tail；再看 df -h，磁盘满了所有写入都会失败`,
    },
    guide: GUIDE.operations,
    meaning: {
      short: {
        en: 'share of requests that end in 5xx, without those turned away',
        zh: '以 5xx 结束的请求比例（不含被拒的）',
      },
      explanation: {
        en: 'A 5xx is our fault, never the client’s. One in a hundred is a route that fails for some users; one in ten is an outage.',
        zh: '5xx 是服务器的错，不是客户端的。百分之一是某个路由对部分用户失败，十分之一就是故障。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [
      requests(10),
      rising('maque_http_request_errors_total{worker="w1",route="GET /api/products"}', value * 600),
    ],
  },
  {
    name: 'MaqueRequestsShed',
    measure: 'maque:shed:share5m',
    alarmsWhen: 'above',
    levels: ({ hasServer }) =>
      hasServer
        ? [
            { severity: 'warning', limit: 0.01, forMinutes: 5 },
            { severity: 'critical', limit: 0.1, forMinutes: 5 },
          ]
        : [],
    unit: 'share',
    summary: {
      en: '{app}: {value} of all requests are turned away with 503',
      zh: '{app}：{value} 的请求因繁忙被拒（503）',
    },
    advice: {
      en: 'A flood belongs to nginx (limit_req); a campaign needs another worker, or a larger box: `maque plan`',
      zh: '恶意流量交给 nginx(limit_req)；活动高峰需要加进程或换更大的机器：`maque plan`',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'share of requests turned away with 503', zh: '因繁忙被拒的请求比例' },
      explanation: {
        en: 'Turning away what there is no room for keeps the others fast. A moment of it is as intended; five minutes are too little capacity.',
        zh: '拒绝处理不了的请求，才能保证其余请求快。偶尔片刻是设计如此，持续五分钟说明容量不足。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [requests(10), rising('maque_requests_shed_total{worker="w1"}', value * 600)],
  },
  {
    name: 'MaqueSlow',
    measure: 'maque:request_seconds:p99_5m',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 1, forMinutes: 10 },
      { severity: 'critical', limit: 3, forMinutes: 10 },
    ],
    guard: ENOUGH_FOR_A_PERCENTILE,
    unit: 'seconds',
    summary: {
      en: '{app}: one request of a hundred takes {value} or longer',
      zh: '{app}：百分之一的请求耗时达 {value} 以上',
    },
    advice: {
      en: 'maque_route_seconds names the slow route; lists without an index are the usual cause',
      zh: 'maque_route_seconds 会指出慢的路由；常见原因是列表缺少索引',
    },
    guide: GUIDE.lists,
    meaning: {
      short: { en: 'time of the slowest request of a hundred', zh: '最慢百分之一请求的耗时' },
      explanation: {
        en: 'A second is what people notice as waiting; after three they close the page. Ten minutes are no import and no backup.',
        zh: '一秒是人能察觉的等待，超过三秒就会关掉页面。持续十分钟就不是导入或备份造成的。',
      },
      source: SOURCES.guard,
    },
    example: requestsThatTake,
  },
  {
    name: 'MaqueGoalMissed',
    measure: 'max without (worker) (maque_latency_level)',
    alarmsWhen: 'above',
    levels: ({ hasServer }) => (hasServer ? [{ severity: 'warning', limit: 1, forMinutes: 10 }] : []),
    unit: 'number',
    summary: {
      en: '{app} misses its latency goal and works on fewer requests at once',
      zh: '{app} 达不到延迟目标，已减少同时处理的请求数',
    },
    advice: {
      en: '`maque top`: is it one route, the database, or simply too many requests?',
      zh: '用 `maque top` 判断：是某个路由、数据库，还是请求太多？',
    },
    guide: GUIDE.operations,
    meaning: {
      short: {
        en: '0 goal met, 1 without optional work, 2 with fewer requests at once',
        zh: '0 达标，1 停掉可选工作，2 减少并发',
      },
      explanation: {
        en: 'The server gives up what it can do without first, then takes fewer requests at once. Ten minutes at 2: the load stays above what it can do.',
        zh: '服务器先停掉可有可无的工作，再减少并发。十分钟一直是 2，说明负载持续超出能力。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [steady('maque_latency_level{worker="w1"}', value)],
  },
  {
    name: 'MaqueSlowStatements',
    measure: 'sum without (worker) (rate(maque_slow_statements_total[15m]))',
    alarmsWhen: 'above',
    levels: ({ hasServer }) => (hasServer ? [{ severity: 'warning', limit: 0.1, forMinutes: 15 }] : []),
    unit: 'number',
    summary: {
      en: '{app}: more than six database statements a minute take 100 ms or longer',
      zh: '{app}：每分钟有六条以上的数据库语句耗时超过 100 毫秒',
    },
    advice: {
      en: 'The log has each of them; an index or fewer rows at once helps',
      zh: '日志里有每一条；加索引，或减少每次读取的行数',
    },
    guide: GUIDE.lists,
    meaning: {
      short: { en: 'slow statements a second', zh: '每秒慢语句数' },
      explanation: {
        en: 'A statement that takes 100 ms holds a connection and a CPU for as long. Now and then is a report; six a minute are a list without an index.',
        zh: '一条 100 毫秒的语句会一直占着连接和 CPU。偶尔是报表，每分钟六条就是列表缺索引。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('maque_slow_statements_total{worker="w1"}', value * 60)],
  },
  {
    name: 'MaqueUnindexedLists',
    measure: 'sum without (worker) (increase(maque_unindexed_lists_total[1h]))',
    alarmsWhen: 'above',
    levels: ({ hasServer }) => (hasServer ? [{ severity: 'warning', limit: 10, forMinutes: 15 }] : []),
    unit: 'number',
    summary: {
      en: '{app}: {value} lists in an hour read a whole large collection',
      zh: '{app}：一小时内有 {value} 次列表读取了整个大集合',
    },
    advice: {
      en: 'The log names collection, filter and order: declare an index for them',
      zh: '日志写明集合、过滤与排序：为它们声明索引',
    },
    guide: GUIDE.lists,
    meaning: {
      short: { en: 'lists without an index in an hour', zh: '一小时内没有索引的列表次数' },
      explanation: {
        en: 'It is fast with a hundred records and slow with a hundred thousand: the collection has grown out of it.',
        zh: '一百条记录时很快，十万条时就慢了：数据量已经超出了这种读法。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('maque_unindexed_lists_total{worker="w1"}', value / 60)],
  },
];
