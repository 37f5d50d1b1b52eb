import { CHOSEN_APP as APP, type ChartRow, type RowMaker } from './chart.ts';
import { meanings } from './grafana-meanings.ts';

/** The state of the shop in one look. */
const overview: RowMaker = () => [
  {
    title: { en: 'At a glance', zh: '概览' },
    charts: [
      {
        title: { en: 'Ready workers', zh: '可用的工作进程' },
        about: { en: 'None: nobody is served.', zh: '为 0 时无人得到服务。' },
        unit: 'short',
        isStat: true,
        queries: [{ expr: `sum(maque_keeper_workers{${APP},state="ready"})`, legend: '' }],
      },
      {
        title: { en: 'Requests a second', zh: '每秒请求数' },
        about: { en: 'Of all workers, over five minutes.', zh: '全部工作进程，五分钟平均。' },
        unit: 'reqps',
        isStat: true,
        queries: [{ expr: `sum(maque:requests:rate5m{${APP}})`, legend: '' }],
      },
      {
        title: { en: 'Alerts that are on', zh: '正在告警' },
        about: { en: 'Warnings and urgent ones together.', zh: '警告与紧急合计。' },
        unit: 'short',
        isStat: true,
        queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: '' }],
      },
    ],
  },
];

const requests: RowMaker = ({ hasServer }) => [
  {
    title: { en: 'Requests', zh: '请求' },
    charts: [
      {
        title: { en: 'By route', zh: '按路由' },
        about: { en: 'The ten routes that are asked for most.', zh: '请求最多的十条路由。' },
        unit: 'reqps',
        isStacked: true,
        queries: [
          {
            expr: `topk(10, sum by (route) (rate(maque_http_requests_total{${APP}}[5m])))`,
            legend: '{{route}}',
          },
        ],
      },
      {
        title: { en: 'Failed and turned away', zh: '失败与被拒' },
        about: {
          en: 'Failed (5xx) is a fault; turned away (503) is too little capacity.',
          zh: '失败（5xx）是程序出错；被拒（503）是容量不足。',
        },
        unit: 'percentunit',
        limit: { value: 0.01, meaning: meanings.errors },
        queries: [
          { expr: `maque:errors:share5m{${APP}}`, legend: { en: 'failed', zh: '失败' } },
          ...(hasServer
            ? [{ expr: `maque:shed:share5m{${APP}}`, legend: { en: 'turned away', zh: '被拒' } }]
            : []),
        ],
      },
      {
        title: { en: 'At once', zh: '同时处理' },
        about: { en: 'Requests that have begun and not ended.', zh: '已开始、未结束的请求。' },
        unit: 'short',
        isStacked: true,
        queries: [{ expr: `maque_http_requests_active{${APP}}`, legend: '{{worker}}' }],
      },
    ],
  },
];

const latency: RowMaker = ({ hasServer }) => [
  {
    title: { en: 'Latency', zh: '延迟' },
    charts: [
      {
        title: { en: 'How long requests take', zh: '请求耗时' },
        about: {
          en: 'Half of all requests, 95 of 100 and 99 of 100 are faster than these.',
          zh: '一半、95%、99% 的请求快于这些值。',
        },
        unit: 's',
        limit: { value: 1, meaning: meanings.latency },
        queries: ['p50', 'p95', 'p99'].map((name) => ({
          expr: `maque:request_seconds:${name}_5m{${APP}}`,
          legend: name,
        })),
      },
      ...(hasServer
        ? [
            {
              title: { en: 'Slowest routes', zh: '最慢的路由' },
              about: {
                en: '95 of 100 requests of the route are faster; the eight slowest.',
                zh: '该路由 95% 的请求快于此值；取最慢的八条。',
              },
              unit: 's',
              limit: { value: 1, meaning: meanings.latency },
              queries: [
                {
                  expr: `topk(8, histogram_quantile(0.95, sum by (le, route) (rate(maque_route_seconds_bucket{${APP}}[5m]))))`,
                  legend: '{{route}}',
                },
              ],
            },
          ]
        : []),
    ],
  },
];

const loop: RowMaker = () => [
  {
    title: { en: 'Event loop and garbage collection', zh: '事件循环与垃圾回收' },
    charts: [
      {
        title: { en: 'Delay of the event loop', zh: '事件循环延迟' },
        about: { en: '99th percentile of each worker.', zh: '各工作进程的第 99 百分位。' },
        unit: 's',
        limit: { value: 0.2, meaning: meanings.loop_delay },
        queries: [{ expr: `maque_event_loop_delay_seconds{${APP},quantile="0.99"}`, legend: '{{worker}}' }],
      },
      {
        title: { en: 'Busy', zh: '繁忙程度' },
        about: { en: 'Share of the time in which the event loop works.', zh: '事件循环工作的时间比例。' },
        unit: 'percentunit',
        limit: { value: 0.8, meaning: meanings.loop_busy },
        queries: [{ expr: `maque_event_loop_utilization_ratio{${APP}}`, legend: '{{worker}}' }],
      },
      {
        title: { en: 'Collecting', zh: '垃圾回收' },
        about: { en: 'Share of the time that goes into collecting.', zh: '花在垃圾回收上的时间比例。' },
        unit: 'percentunit',
        limit: { value: 0.25, meaning: meanings.gc_share },
        queries: [{ expr: `maque:gc:share5m{${APP}}`, legend: '{{worker}}' }],
      },
    ],
  },
];

export const appRows: readonly RowMaker[] = [overview, requests, latency];
export const loopRows: readonly RowMaker[] = [loop];

/** Where an app with a keeper is in the plan. */
export function whereKept(makers: readonly RowMaker[]): RowMaker {
  return (watched): readonly ChartRow[] =>
    watched.keepers.length === 0 ? [] : makers.flatMap((make) => make(watched));
}
