import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';

/** What the keeper ends on purpose, and a worker that finished late, is no death. */
const ASKED_FOR = 'RECYCLED|STOPPED|DRAIN_TIMEOUT';
const FOR_MEMORY = 'KILLED|OOM_KILLED|OVER_MEMORY|HEAP_EXHAUSTED';

const deaths = (matcher: string, window: string) =>
  `sum without (cause) (increase(maque_keeper_worker_exits_total{${matcher}}[${window}]))`;

/** Of workers that are not there, end, or do not answer. */
export const workerAlerts: readonly AlertRule[] = [
  {
    name: 'MaqueDown',
    measure: 'up{job="maque"}',
    alarmsWhen: 'below',
    levels: ({ keepers }) =>
      keepers.length === 0 ? [] : [{ severity: 'critical', limit: 1, forMinutes: 1 }],
    unit: 'number',
    summary: { en: '{app} is down: its keeper does not answer', zh: '{app} 停机：守护进程没有应答' },
    advice: {
      en: 'systemctl status {app}; what it said last: journalctl -u {app} -n 50',
      zh: '先看 systemctl status {app}，再看最后的输出：journalctl -u {app} -n 50',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'the keeper answers the scraper', zh: '守护进程能应答采集' },
      explanation: {
        en: 'The keeper tells its numbers even while every worker is down, so silence means that it is gone itself, or that the way to it is cut. A minute leaves room for a restart of the unit.',
        zh: '即使所有工作进程都挂了，守护进程仍会应答；没有应答说明它自己已退出，或网络不通。留一分钟给服务重启。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady('up{job="maque"}', value)],
  },
  {
    name: 'MaqueNoWorkerReady',
    measure: 'maque_keeper_workers{state="ready"}',
    alarmsWhen: 'below',
    levels: () => [{ severity: 'critical', limit: 1, forMinutes: 1 }],
    unit: 'number',
    summary: {
      en: '{app}: no worker is ready, nobody is served',
      zh: '{app}：没有可用的工作进程，无人得到服务',
    },
    advice: {
      en: 'The cause stands in the log of the keeper at `ended:`; if a deploy came before, put the old files back',
      zh: '原因在守护进程日志的“已结束”一行；如果刚上线过，先换回旧文件',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'workers that serve', zh: '正在服务的工作进程数' },
      explanation: {
        en: 'A worker that died is replaced within seconds. None ready for a minute is a crash loop or a start that fails.',
        zh: '进程死后几秒内就会补上。一分钟内一个可用的都没有，是反复崩溃或启动失败。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady('maque_keeper_workers{state="ready"}', value)],
  },
  {
    name: 'MaqueWorkersMissing',
    measure: 'maque_keeper_workers{state="ready",role="main"}',
    alarmsWhen: 'below',
    levels: ({ workers }) =>
      workers < 2
        ? []
        : [{ severity: 'warning', limit: workers, forMinutes: 5, formula: `${workers} workers` }],
    unit: 'number',
    summary: {
      en: '{app}: only {value} workers are ready, fewer than planned',
      zh: '{app}：可用的工作进程只有 {value} 个，少于规划',
    },
    advice: {
      en: '`maque ps` shows who is missing; the log of the keeper says why it does not come back',
      zh: '用 `maque ps` 看缺了谁；守护进程日志会说明它为什么起不来',
    },
    guide: GUIDE.workers,
    meaning: {
      short: { en: 'workers that the plan has', zh: '规划的工作进程数' },
      explanation: {
        en: 'With a worker less the others take its requests, and the next death may leave nobody. Replacing takes seconds, so five minutes are no deploy.',
        zh: '少一个进程，其余的要分担它的请求，再死一个就可能没人服务。更换只需几秒，持续五分钟就不是上线造成的。',
      },
      source: SOURCES.plan,
    },
    example: (value) => [steady('maque_keeper_workers{state="ready",role="main"}', value)],
  },
  {
    name: 'MaqueWorkersDie',
    measure: deaths(`cause!~"${ASKED_FOR}"`, '15m'),
    alarmsWhen: 'above',
    // Three and six; the increase between two scrapes is estimated, so a half is left to it.
    levels: () => [
      { severity: 'warning', limit: 2.5, forMinutes: 0, formula: '3 − 0.5' },
      { severity: 'critical', limit: 5.5, forMinutes: 0, formula: '6 − 0.5' },
    ],
    unit: 'number',
    summary: {
      en: '{app}: {value} workers died within 15 minutes',
      zh: '{app}:15 分钟内有 {value} 个工作进程异常退出',
    },
    advice: {
      en: 'The log of the keeper says at `ended:` of what; deaths right after a deploy: put the old files back',
      zh: '守护进程日志的“已结束”一行写明原因；刚上线就这样，先换回旧文件',
    },
    guide: GUIDE.workers,
    meaning: {
      short: { en: 'deaths of workers in 15 minutes', zh: '15 分钟内异常退出的次数' },
      explanation: {
        en: 'One death heals unseen: the keeper puts a new worker in its place. Three in a quarter of an hour are a pattern, six a loop. A lower limit tells of accidents, a higher one comes late.',
        zh: '死一个会自动补上，无人察觉。一刻钟内三次就是规律，六次就是循环。界限更低会为偶然报警，更高则太迟。',
      },
      source: SOURCES.guard,
    },
    example: (value) => [rising('maque_keeper_worker_exits_total{cause="UNCAUGHT_ERROR"}', value / 15)],
  },
  {
    name: 'MaqueWorkerOutOfMemory',
    measure: deaths(`cause=~"${FOR_MEMORY}"`, '15m'),
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0, forMinutes: 0 }],
    unit: 'number',
    summary: {
      en: '{app}: a worker ended for want of memory, or by SIGKILL',
      zh: '{app}：工作进程因内存不足或 SIGKILL 结束',
    },
    advice: {
      en: '`maque oom` tells who took the memory; if it was the worker itself, find what leaks',
      zh: '用 `maque oom` 看是谁占了内存；如果是工作进程自己，去找泄漏',
    },
    guide: GUIDE.afterKill,
    meaning: {
      short: { en: 'workers that memory ended, in 15 minutes', zh: '15 分钟内因内存结束的工作进程' },
      explanation: {
        en: 'The heap was full, the keeper or the kernel killed it, or somebody did by hand: SIGKILL does not say who sent it. The service went on, so nobody has to get up; but the sum of the plan was not kept.',
        zh: '堆满、被守护进程或内核杀死，也可能是人工操作：SIGKILL 不说明是谁发的。服务没有中断，不必半夜起来；但规划的预算没有守住。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_keeper_worker_exits_total{cause="KILLED"}', value)],
  },
  {
    name: 'MaqueWorkerHung',
    measure: deaths('cause="HUNG"', '1h'),
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0, forMinutes: 0 }],
    unit: 'number',
    summary: {
      en: '{app}: a worker was blocked and had to be killed',
      zh: '{app}：工作进程被阻塞，已被强制结束',
    },
    advice: {
      en: 'The function and the line stand in data/hang-reports/: split that work, or move it to a job',
      zh: '函数与行号在 data/hang-reports/ 里：把这段计算拆开，或改成后台任务',
    },
    guide: GUIDE.workers,
    meaning: {
      short: { en: 'hangs in an hour', zh: '一小时内卡死的次数' },
      explanation: {
        en: 'A worker that computes for ten seconds without a pause answers nobody; the keeper notes where it stood and kills it.',
        zh: '连续计算十秒的进程谁也不应答；守护进程会记下它停在哪里，再把它结束。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_keeper_worker_exits_total{cause="HUNG"}', value)],
  },
  {
    name: 'MaqueWorkerSilent',
    measure: 'maque_keeper_worker_answers',
    alarmsWhen: 'below',
    levels: () => [{ severity: 'warning', limit: 1, forMinutes: 2 }],
    unit: 'number',
    summary: {
      en: '{app}: worker {worker} does not tell its numbers in time',
      zh: '{app}：工作进程 {worker} 未能及时报告指标',
    },
    advice: {
      en: '`maque top` shows whether it is busy; what blocks it stands under slow turns',
      zh: '用 `maque top` 看它是否忙；是什么阻塞了它，见慢轮次',
    },
    guide: GUIDE.workers,
    meaning: {
      short: { en: 'the worker answers the keeper within a second', zh: '工作进程一秒内应答守护进程' },
      explanation: {
        en: 'Once is a long turn of the event loop. Two minutes on end are a worker that is too busy to be useful, and whose other numbers are missing.',
        zh: '偶尔一次是事件循环转得慢。连续两分钟，说明它忙得没法服务，其他指标也缺失了。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [steady('maque_keeper_worker_answers{worker="w1"}', value)],
  },
  {
    name: 'MaqueAlertsLost',
    measure: 'sum without (channel, number) (increase(maque_keeper_alerts_lost_total[1h]))',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0, forMinutes: 0 }],
    unit: 'number',
    summary: {
      en: "{app}: the keeper's own alerts did not arrive",
      zh: '{app}：守护进程自己的告警没有送达',
    },
    advice: {
      en: '`maque alert test` says which channel fails and why',
      zh: '用 `maque alert test` 看哪个渠道失败、为什么',
    },
    guide: GUIDE.alerts,
    meaning: {
      short: { en: 'alerts that the keeper gave up, in an hour', zh: '一小时内守护进程放弃的告警' },
      explanation: {
        en: 'The keeper tries for an hour before it gives up. Who does not hear this hears nothing of the next trouble either.',
        zh: '守护进程会重试一小时才放弃。这条收不到，下一次故障也收不到。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_keeper_alerts_lost_total{channel="wecom",number="1"}', value)],
  },
];
