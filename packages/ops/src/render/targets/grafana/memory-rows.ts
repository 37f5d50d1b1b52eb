import { CHOSEN_APP as APP, type RowMaker } from './chart.ts';
import { meanings } from './grafana-meanings.ts';

const memory: RowMaker = () => [
  {
    title: { en: 'Memory against the plan', zh: '内存与规划' },
    charts: [
      {
        title: { en: 'Every process, and the budget of all', zh: '各进程与总预算' },
        about: {
          en: 'PSS: shared pages are divided, so the areas add up. The dashed line is what the plan gave them together.',
          zh: 'PSS：共享页均摊，因此可以相加。虚线是规划给它们的总预算。',
        },
        unit: 'bytes',
        isStacked: true,
        queries: [
          { expr: `maque_keeper_process_pss_bytes{${APP}}`, legend: '{{process}}' },
          { expr: `maque_keeper_budget_bytes{${APP}}`, legend: { en: 'budget', zh: '预算' }, isLimit: true },
        ],
      },
      {
        title: { en: 'Every process by its own budget', zh: '各进程占自身预算的比例' },
        about: { en: 'At 100 % the keeper replaces the worker.', zh: '到 100% 时守护进程会更换它。' },
        unit: 'percentunit',
        limit: { value: 0.9, meaning: meanings.share_of_memory },
        queries: [{ expr: `maque:process_memory:share{${APP}}`, legend: '{{process}}' }],
      },
      {
        title: { en: 'The box', zh: '整机' },
        about: {
          en: 'In use without page cache, the largest neighbours, and what there is.',
          zh: '不含页缓存的用量、最大的邻居，以及总量。',
        },
        unit: 'bytes',
        queries: [
          { expr: `maque_keeper_box_used_bytes{${APP}}`, legend: { en: 'in use', zh: '已用' } },
          { expr: `maque_keeper_box_neighbour_bytes{${APP}}`, legend: '{{name}}' },
          {
            expr: `maque_keeper_box_limit_bytes{${APP}}`,
            legend: { en: 'limit', zh: '上限' },
            isLimit: true,
          },
        ],
      },
      {
        title: { en: 'Where the memory of a worker is', zh: '工作进程的内存构成' },
        about: {
          en: 'Heap, what objects own outside of it, and the rest. Bodies and pictures are outside; a leak of native code is in the rest.',
          zh: '堆、堆外对象与其余部分。请求体与图片在堆外；原生代码的泄漏在其余部分。',
        },
        unit: 'bytes',
        isStacked: true,
        queries: [
          { expr: `sum by (app) (maque_heap_used_bytes{${APP}})`, legend: { en: 'heap', zh: '堆' } },
          { expr: `sum by (app) (maque_external_bytes{${APP}})`, legend: { en: 'outside', zh: '堆外' } },
          { expr: `sum by (app) (maque_native_bytes{${APP}})`, legend: { en: 'the rest', zh: '其余' } },
        ],
      },
      {
        title: { en: 'Deaths and replacements', zh: '退出与更换' },
        about: {
          en: 'By cause, in an hour. RECYCLED and STOPPED are as intended.',
          zh: '一小时内按原因统计。RECYCLED 与 STOPPED 属正常。',
        },
        unit: 'short',
        isStacked: true,
        queries: [
          {
            expr: `sum by (cause) (increase(maque_keeper_worker_exits_total{${APP}}[1h])) > 0`,
            legend: '{{cause}}',
          },
        ],
      },
      {
        title: { en: 'Waiting for memory', zh: '等待内存' },
        about: {
          en: 'Share of the time in which nothing could run for lack of memory.',
          zh: '因内存不足而全部停顿的时间比例。',
        },
        unit: 'percentunit',
        queries: [{ expr: `maque_keeper_box_stall_ratio{${APP}}`, legend: '{{app}}' }],
      },
    ],
  },
];

const heap: RowMaker = () => [
  {
    title: { en: 'Heap', zh: '堆' },
    charts: [
      {
        title: { en: 'What survives a collection, and the limit', zh: '回收后的存活量与上限' },
        about: {
          en: 'A floor that rises for hours is a leak. The used heap above it is garbage that comes and goes.',
          zh: '存活量持续数小时上升就是泄漏。其上的已用部分是来来去去的垃圾。',
        },
        unit: 'bytes',
        queries: [
          {
            expr: `maque_heap_floor_bytes{${APP}}`,
            legend: { en: 'floor {{worker}}', zh: '存活 {{worker}}' },
          },
          {
            expr: `maque_heap_used_bytes{${APP}}`,
            legend: { en: 'in use {{worker}}', zh: '已用 {{worker}}' },
          },
          { expr: `max(maque_heap_limit_bytes{${APP}})`, legend: { en: 'limit', zh: '上限' }, isLimit: true },
        ],
      },
      {
        title: { en: 'Survivors by the limit', zh: '存活量占上限的比例' },
        about: { en: 'Processes die between 91 and 99 %.', zh: '进程在 91% 至 99% 之间死亡。' },
        unit: 'percentunit',
        limit: { value: 0.85, meaning: meanings.heap_floor },
        queries: [{ expr: `maque:heap_floor:share{${APP}}`, legend: '{{worker}}' }],
      },
      {
        title: { en: 'Leaks', zh: '泄漏' },
        about: {
          en: 'Probability that memory ends within half an hour (near) and a day, by kind of memory.',
          zh: '半小时内（near）与一天内（day）内存耗尽的概率，按内存种类。',
        },
        unit: 'percentunit',
        limit: { value: 0.9, meaning: meanings.leak_probability },
        queries: [{ expr: `maque_leak_probability{${APP}}`, legend: '{{worker}} {{pool}} {{horizon}}' }],
      },
    ],
  },
];

export const memoryRows: readonly RowMaker[] = [memory, heap];
