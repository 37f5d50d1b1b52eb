import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';

/** A forecast of which the guard itself says that it grows or leaks: verdicts 3 and 4. */
const GROWS = 'maque_leak_verdict >= 3';

const forecast = (horizon: string, value: number) => [
  steady(`maque_leak_probability{worker="w1",pool="heap",horizon="${horizon}"}`, value),
  steady(`maque_leak_verdict{worker="w1",pool="heap",horizon="${horizon}"}`, 4),
];

/** Of the JavaScript heap, of leaks, and of the event loop. */
export const heapAlerts: readonly AlertRule[] = [
  {
    name: 'MaqueHeapFull',
    measure: 'maque:heap_floor:share',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 0.85, forMinutes: 10 },
      { severity: 'critical', limit: 0.92, forMinutes: 2 },
    ],
    unit: 'share',
    summary: {
      en: '{app}: the heap of {worker} is {value} full after collecting',
      zh: '{app}：{worker} 回收之后堆仍占 {value}',
    },
    advice: {
      en: '`maque recycle {worker}` wins time; then find what grows, or give the heap more',
      zh: '`maque recycle {worker}` 可争取时间；然后找出增长的对象，或给堆更多内存',
    },
    guide: GUIDE.leaks,
    meaning: {
      short: {
        en: 'heap that survives a full collection, by its limit',
        zh: '完整回收后仍存活的堆，占上限的比例',
      },
      explanation: {
        en: 'What survives is what is really needed. Runs that were driven into their limit died at 91 to 99 % of it; below 85 % V8 collects without hurry. The used heap with its garbage says nothing: it wanders up to the limit in healthy processes.',
        zh: '存活下来的才是真正需要的。逼到上限的测试在 91% 至 99% 时死亡；85% 以下 V8 并不着急。包含垃圾的已用堆说明不了问题，健康的进程也会升到上限附近。',
      },
      source: SOURCES.guard,
    },
    example: (value) => [
      steady('maque_heap_floor_bytes{worker="w1"}', value * 100e6),
      steady('maque_heap_limit_bytes{worker="w1"}', 100e6),
    ],
  },
  {
    name: 'MaqueLeakNear',
    measure: 'maque_leak_probability{horizon="near"}',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'critical', limit: 0.9, forMinutes: 1 }],
    guard: GROWS,
    unit: 'share',
    summary: {
      en: '{app}: {worker} runs out of {pool} within half an hour, {value} sure',
      zh: '{app}：{worker} 的 {pool} 半小时内触及上限的概率为 {value}',
    },
    advice: {
      en: 'data/leak-reports/ names route and place; `maque recycle {worker}` wins time',
      zh: '路由与代码位置在 data/leak-reports/ 里；`maque recycle {worker}` 可争取时间',
    },
    guide: GUIDE.leaks,
    meaning: {
      short: { en: 'probability that memory ends within half an hour', zh: '半小时内内存耗尽的概率' },
      explanation: {
        en: 'The guard estimates it from what survives collections, and says beside it whether it grows. Lower, and healthy waves set it off; higher, and it is told too late to act.',
        zh: '哨兵根据回收后的存活量估计，并给出是否在增长的判断。界限更低会被正常波动触发，更高则来不及处理。',
      },
      source: SOURCES.guard,
    },
    example: (value) => forecast('near', value),
  },
  {
    name: 'MaqueLeakSlow',
    measure: 'maque_leak_probability{horizon="day"}',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0.9, forMinutes: 10 }],
    guard: GROWS,
    unit: 'share',
    summary: {
      en: '{app}: {worker} runs out of {pool} within a day, {value} sure',
      zh: '{app}：{worker} 的 {pool} 一天内触及上限的概率为 {value}',
    },
    advice: {
      en: 'Time enough to look in the morning: data/leak-reports/ names route and place',
      zh: '来得及早上再看：路由与代码位置在 data/leak-reports/ 里',
    },
    guide: GUIDE.leaks,
    meaning: {
      short: { en: 'probability that memory ends within a day', zh: '一天内内存耗尽的概率' },
      explanation: {
        en: 'Slow leaks hide among the waves of a day; ten minutes are two evaluations that agree.',
        zh: '慢速泄漏藏在一天的起伏里；十分钟相当于两次一致的判断。',
      },
      source: SOURCES.guard,
    },
    example: (value) => forecast('day', value),
  },
  {
    name: 'MaqueLeaks',
    measure: 'maque_leak_suspicion_level',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 1, forMinutes: 5 }],
    unit: 'number',
    summary: { en: '{app}: {worker} leaks ({pool})', zh: '{app}：{worker} 正在泄漏（{pool}）' },
    advice: {
      en: 'Read the newest report in data/leak-reports/; the last deploy is the first suspect',
      zh: '查看 data/leak-reports/ 里最新的报告；先怀疑最近一次上线',
    },
    guide: GUIDE.leaks,
    meaning: {
      short: { en: 'what several evaluations agree on: 2 is a leak', zh: '多次判断的一致结论：2 表示泄漏' },
      explanation: {
        en: '0 none, 1 suspected, 2 leaking. A single evaluation may be wrong; this one is told only when several agree.',
        zh: '0 无，1 怀疑，2 泄漏。单次判断可能出错，多次一致才会到 2。',
      },
      source: SOURCES.guard,
    },
    example: (value) => [steady('maque_leak_suspicion_level{worker="w1",pool="heap"}', value)],
  },
  {
    name: 'MaqueCollectsTooMuch',
    measure: 'maque:gc:share5m',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0.25, forMinutes: 10 }],
    unit: 'share',
    summary: {
      en: '{app}: {worker} spends {value} of its time collecting garbage',
      zh: '{app}：{worker} 把 {value} 的时间花在垃圾回收上',
    },
    advice: {
      en: 'The heap is too small for what lives in it: give it more, or find what grows',
      zh: '堆相对存活对象太小：加大堆，或找出增长的对象',
    },
    guide: GUIDE.budget,
    meaning: {
      short: { en: 'share of time in garbage collection', zh: '垃圾回收的时间比例' },
      explanation: {
        en: 'Healthy workers stay at a few percent. A quarter of the time is a heap that is nearly full of what lives, or a young generation that is far too large or small.',
        zh: '健康的进程只有百分之几。四分之一的时间都在回收，说明堆几乎被存活对象占满，或新生代大小很不合适。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('maque_gc_seconds_total{worker="w1"}', value * 60)],
  },
  {
    name: 'MaqueEventLoopLate',
    measure: 'maque_event_loop_delay_seconds{quantile="0.99"}',
    alarmsWhen: 'above',
    levels: () => [
      { severity: 'warning', limit: 0.2, forMinutes: 5 },
      { severity: 'critical', limit: 1, forMinutes: 5 },
    ],
    unit: 'seconds',
    summary: {
      en: '{app}: the event loop of {worker} comes {value} late',
      zh: '{app}：{worker} 的事件循环延迟 {value}',
    },
    advice: {
      en: 'Something computes too long in one piece: `maque top` and the slow turns name the route',
      zh: '有代码一次计算太久：`maque top` 与慢轮次会指出路由',
    },
    guide: GUIDE.leaks,
    meaning: {
      short: { en: 'delay of the event loop, 99th percentile', zh: '事件循环延迟（第 99 百分位）' },
      explanation: {
        en: 'While one request computes, all others of the worker wait. 200 ms are felt in every answer; a second looks like an outage.',
        zh: '一个请求在计算时，同一进程的其他请求都在等。200 毫秒会体现在每个应答里，一秒就像停机。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [steady('maque_event_loop_delay_seconds{worker="w1",quantile="0.99"}', value)],
  },
  {
    name: 'MaqueEventLoopBusy',
    measure: 'maque_event_loop_utilization_ratio',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0.8, forMinutes: 5 }],
    unit: 'share',
    summary: {
      en: '{app}: the event loop of {worker} is {value} busy',
      zh: '{app}：{worker} 的事件循环占用 {value}',
    },
    advice: {
      en: 'More comes than it can do: look for the costly route, then for another worker or core',
      zh: '请求多于处理能力：先找耗时的路由，再考虑增加进程或核数',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'share of time in which the event loop is busy', zh: '事件循环的繁忙比例' },
      explanation: {
        en: 'Above 80 % queues grow faster than they drain. Five minutes are no deployment and no import any more.',
        zh: '超过 80% 时排队比处理快。持续五分钟就不是上线或导入造成的。',
      },
      source: SOURCES.guard,
    },
    example: (value) => [steady('maque_event_loop_utilization_ratio{worker="w1"}', value)],
  },
];
