import { defineMeanings } from '../../meaning.ts';

const ALERTS = { en: 'the alert of the same matter', zh: '与同名告警一致' };

export const meanings = defineMeanings('grafana', {
  refresh: {
    short: { en: 'the dashboard asks anew so often', zh: '看板刷新间隔' },
    explanation: {
      en: 'As often as Prometheus fetches: more often shows the same numbers and costs the box memory.',
      zh: '与 Prometheus 的采集间隔一致：更频繁只会重复同样的数字，还占用内存。',
    },
    source: { en: 'scrape_interval of prometheus.yml', zh: 'prometheus.yml 的 scrape_interval' },
  },
  time_range: {
    short: { en: 'six hours are shown at first', zh: '默认显示六小时' },
    explanation: {
      en: 'Long enough to see a leak rise, short enough that every sample is a point.',
      zh: '长到能看出泄漏的上升，短到每个样本都是一个点。',
    },
    source: { en: 'chosen', zh: '经验取值' },
  },
  schema_version: {
    short: { en: 'the form of the file, as of Grafana 10.4', zh: '文件格式版本，对应 Grafana 10.4' },
    explanation: {
      en: 'Newer versions of Grafana bring it up to date by themselves; older ones may show a chart wrong.',
      zh: '更新的 Grafana 会自动升级；更旧的可能显示不正确。',
    },
    source: { en: 'schema of Grafana', zh: 'Grafana 的 schema' },
  },
  share_of_memory: {
    short: { en: 'above this a process is near its budget', zh: '超过此值即接近预算' },
    explanation: {
      en: 'The budgets add up to the box. What goes beyond its own takes from a neighbour.',
      zh: '各预算之和等于整机内存，超出的部分要占用邻居的。',
    },
    source: ALERTS,
  },
  heap_floor: {
    short: { en: 'above this the heap is nearly full of what lives', zh: '超过此值，堆几乎被存活对象占满' },
    explanation: {
      en: 'Of the heap only what survives a full collection counts; the rest is garbage that comes and goes.',
      zh: '只看完整回收后存活的部分，其余是来来去去的垃圾。',
    },
    source: ALERTS,
  },
  leak_probability: {
    short: { en: 'above this the guard speaks of a leak', zh: '超过此值，哨兵会报告泄漏' },
    explanation: {
      en: 'The probability that memory ends within half an hour, or within a day.',
      zh: '半小时内（或一天内）内存耗尽的概率。',
    },
    source: ALERTS,
  },
  latency: {
    short: { en: 'a second, which people notice as waiting', zh: '一秒，人能察觉的等待' },
    explanation: {
      en: 'The slowest request of a hundred should stay below it.',
      zh: '最慢的百分之一请求应低于此线。',
    },
    source: ALERTS,
  },
  errors: {
    short: { en: 'one request of a hundred', zh: '百分之一的请求' },
    explanation: {
      en: 'Beyond it a route fails for some of the users, or the server has no room.',
      zh: '超过说明某个路由对部分用户失败，或服务器处理不过来。',
    },
    source: ALERTS,
  },
  loop_delay: {
    short: { en: 'from here on it is felt in every answer', zh: '从这里起，每个应答都会变慢' },
    explanation: {
      en: 'While one request computes, all others of the worker wait.',
      zh: '一个请求在计算时，同一进程的其他请求都在等。',
    },
    source: ALERTS,
  },
  loop_busy: {
    short: { en: 'above this queues grow faster than they drain', zh: '超过此值，排队比处理快' },
    explanation: {
      en: 'Of one core: a worker computes on one only.',
      zh: '按单核计算：一个工作进程只用一个核。',
    },
    source: ALERTS,
  },
  gc_share: {
    short: { en: 'a quarter of the time', zh: '四分之一的时间' },
    explanation: {
      en: 'Healthy workers stay at a few percent.',
      zh: '健康的进程只有百分之几。',
    },
    source: ALERTS,
  },
  wechat_latency: {
    short: { en: 'two seconds: the user has tapped again', zh: '两秒：用户已经再点一次了' },
    explanation: {
      en: 'WeChat answers in 50 to 300 ms.',
      zh: '微信通常 50 到 300 毫秒应答。',
    },
    source: ALERTS,
  },
  disk: {
    short: { en: 'from here on there are days left', zh: '从这里起只剩几天' },
    explanation: {
      en: 'A full disk stops the database in the middle of a write.',
      zh: '磁盘写满时，数据库会停在写到一半的地方。',
    },
    source: ALERTS,
  },
  backup_age: {
    short: { en: 'two days: one backup has failed', zh: '两天：已有一次备份失败' },
    explanation: {
      en: 'One is made every day. What was not backed up is lost with the disk, or by the wrong DELETE.',
      zh: '每天备份一次。没有备份的数据，会随磁盘损坏或误删而丢失。',
    },
    source: ALERTS,
  },
  reserve: {
    short: { en: 'two thirds of the reserve of the plan', zh: '规划预留内存的三分之二' },
    explanation: {
      en: 'Beneath it some service holds more than the plan gave it.',
      zh: '低于此线，说明有服务超出了规划的份额。',
    },
    source: { en: 'the plan', zh: '规划' },
  },
  bandwidth: {
    short: { en: 'the bandwidth that was bought', zh: '所购带宽' },
    explanation: {
      en: 'The cloud throttles here, and answers take seconds while everything looks idle.',
      zh: '云厂商在此限速：机器看着很闲，应答却要几秒。',
    },
    source: { en: 'the plan', zh: '规划' },
  },
  cpu: {
    short: { en: 'above this nothing is left for the evening peak', zh: '超过此值，晚高峰没有余量' },
    explanation: {
      en: 'Of all cores together. A backup may fill it for minutes.',
      zh: '按全部核计算。备份可能占满几分钟。',
    },
    source: ALERTS,
  },
});
