import { defineMeanings, type Meaning } from '../../meaning.ts';
import { UNIT_MEANINGS } from '../unit/unit-meanings.ts';
import { ALERT_MEANINGS } from './alert-meanings.ts';

const CHOSEN = { en: 'chosen for a small box', zh: '按小机器取值' };

const OWN = {
  scrape_interval: {
    short: { en: 'how often numbers are fetched', zh: '采集间隔' },
    explanation: {
      en: 'Half as often halves memory and disk of Prometheus. Rules look back five minutes and need a handful of points in it; above a minute they go blind. On the box itself every 30 s, from another machine every 15.',
      zh: '间隔加倍，Prometheus 的内存与磁盘减半。规则看最近五分钟，需要其中有若干个点，超过一分钟就看不清了。与应用同机时 30 秒，在别的机器上 15 秒。',
    },
    source: CHOSEN,
  },
  scrape_timeout: {
    short: { en: 'how long one fetch may take', zh: '单次采集的最长时间' },
    explanation: {
      en: 'The keeper gives a worker that is blocked one second and then answers without it. Five are enough for a box that swaps.',
      zh: '守护进程最多等阻塞的工作进程一秒就应答。五秒对正在换页的机器也够用。',
    },
    source: { en: 'the keeper waits 1 s for a worker', zh: '守护进程等工作进程 1 秒' },
  },
  sample_limit: {
    short: { en: 'most series that one fetch may bring', zh: '单次采集的序列数上限' },
    explanation: {
      en: 'A route with an id in its name would make a series for each id, and Prometheus would hold them all. Beyond the limit the whole fetch counts as failed, which is told; too low, and a healthy app with many routes is not seen.',
      zh: '路由名里若带 id，每个 id 都会产生一条序列，全留在 Prometheus 内存里。超过上限则整次采集算失败并告警；太低会让路由多的正常应用看不见。',
    },
    source: {
      en: 'measured: about 150 series of each worker, 16 more for each route; room for 200 routes',
      zh: '实测：每个工作进程约 150 条，每条路由再加 16 条；按 200 条路由留量',
    },
  },
  retention_time: {
    short: { en: 'how long numbers are kept', zh: '数据保留时间' },
    explanation: {
      en: 'Long enough to compare with the week before. What must be kept for longer belongs elsewhere.',
      zh: '足够与上周对比。需要更久的数据应放到别处。',
    },
    source: CHOSEN,
  },
  retention_size: {
    short: { en: 'most disk that the numbers may take', zh: '数据占用磁盘的上限' },
    explanation: {
      en: 'Beyond it the oldest go first, before the time is over. Without it monitoring may fill the very disk that it watches.',
      zh: '超过时先删最旧的，不等保留期满。不设上限，监控可能写满它所监控的磁盘。',
    },
    source: {
      en: 'a twentieth of the disk, 256 MiB to 2 GiB',
      zh: '磁盘的二十分之一，256 MiB 到 2 GiB 之间',
    },
  },
  gomemlimit: {
    short: { en: 'where the Go runtime begins to collect harder', zh: 'Go 运行时开始加紧回收的界限' },
    explanation: {
      en: 'Without it Go lets the heap double between collections and meets MemoryMax while half of it is garbage.',
      zh: '不设时 Go 允许堆在两次回收之间翻倍，一半是垃圾就撞上 MemoryMax。',
    },
    source: { en: 'the plan: 90 % of the budget', zh: '规划：预算的 90%' },
  },
  query_concurrency: {
    short: { en: 'queries at once', zh: '同时执行的查询数' },
    explanation: {
      en: 'A dashboard asks twenty questions at once, and each holds its samples in memory. Two cores answer no faster when all run together.',
      zh: '一个看板会同时提二十个问题，每个都要把样本放进内存。两核机器并行再多也不会更快。',
    },
    source: CHOSEN,
  },
  query_samples: {
    short: { en: 'most samples that one query may load', zh: '单个查询可载入的样本数上限' },
    explanation: {
      en: 'A sample takes 16 bytes: five million are 80 MB. The default of fifty million would allow one careless query ten times the budget.',
      zh: '一个样本占 16 字节，五百万个就是 80 MB。默认的五千万会让一条随意的查询用掉预算的十倍。',
    },
    source: {
      en: 'help text of --query.max-samples; 16 bytes a sample',
      zh: '--query.max-samples 的说明；每个样本 16 字节',
    },
  },
} as const satisfies Readonly<Record<string, Omit<Meaning, 'id'>>>;

type OwnKey = keyof typeof OWN | keyof typeof UNIT_MEANINGS;

/** Of the files of Prometheus itself. */
export const meanings = defineMeanings<OwnKey>('prometheus', { ...OWN, ...UNIT_MEANINGS });
/** Of the limits of the alerts, by their names. */
export const alertMeanings = defineMeanings('prometheus', ALERT_MEANINGS);
