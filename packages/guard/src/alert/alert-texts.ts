import type { Text } from '@maque/kit';
import type { AlertKind } from './condition.ts';
import type { RuleName } from './rules.ts';

/** What is wrong, in the words of a headline. */
export const HEADLINES = {
  leak: { en: '{who}: memory leaks', zh: '{who}：内存泄漏' },
  'slow-leak': { en: '{who}: memory leaks slowly', zh: '{who}：内存缓慢泄漏' },
  heap: { en: '{who}: heap nearly full', zh: '{who}：堆内存即将用尽' },
  'box-memory': { en: '{who}: short of memory', zh: '{who}：内存不足' },
  'memory-stall': { en: '{who}: work stalls for lack of memory', zh: '{who}：因内存不足而停顿' },
  cpu: { en: '{who}: CPU busy', zh: '{who}：CPU 持续繁忙' },
  latency: { en: '{who}: slow answers', zh: '{who}：响应变慢' },
  restarts: { en: '{who}: processes keep dying', zh: '{who}：进程反复异常退出' },
  hang: { en: '{who}: event loop blocked', zh: '{who}：事件循环被阻塞' },
  'oom-kill': { en: '{who}: killed by the kernel for want of memory', zh: '{who}：内存耗尽，被内核杀死' },
  'over-memory': {
    en: '{who}: killed by the keeper for want of memory',
    zh: '{who}：内存超限，被守护进程杀死',
  },
  deploy: { en: '{who}: could not be deployed', zh: '{who}：上线失败' },
  attention: { en: '{who}: the app needs somebody', zh: '{who}：应用需要人工处理' },
} satisfies Record<RuleName, Text>;

export const KINDS = {
  raised: { en: '{headline}', zh: '{headline}' },
  worse: { en: 'Worse now: {headline}', zh: '恶化：{headline}' },
  clue: { en: 'More is known: {headline}', zh: '新线索：{headline}' },
  reminder: { en: 'Still: {headline}', zh: '仍未恢复：{headline}' },
  recovered: { en: 'Recovered: {headline}', zh: '已恢复：{headline}' },
} satisfies Record<AlertKind, Text>;

/** The number against its limit. */
export const NUMBERS = {
  leak: {
    en: '{pool}: {value} likely to reach its limit within {horizon} (alert from {threshold})',
    zh: '{pool}：{horizon} 内触及上限的概率 {value}（告警线 {threshold}）',
  },
  'slow-leak': {
    en: '{pool}: {value} likely to reach its limit within {horizon} (alert from {threshold})',
    zh: '{pool}：{horizon} 内触及上限的概率 {value}（告警线 {threshold}）',
  },
  heap: {
    en: '{used} of {limit} still in use after a full collection: {value} (alert from {threshold})',
    zh: '完整回收后仍占用 {used}，上限 {limit}：{value}（告警线 {threshold}）',
  },
  'box-memory': {
    en: '{used} of {limit} in use: {value} (alert from {threshold})',
    zh: '已用 {used}，上限 {limit}：{value}（告警线 {threshold}）',
  },
  'memory-stall': {
    en: 'Nothing could run for {value} of the time (alert from {threshold}); {used} of {limit} in use',
    zh: '{value} 的时间里所有进程都在等内存（告警线 {threshold}）；已用 {used}，上限 {limit}',
  },
  cpu: { en: '{value} busy (alert from {threshold})', zh: '占用 {value}（告警线 {threshold}）' },
  latency: {
    en: 'The slowest 5 % of the answers take {value} or more (alert from {threshold})',
    zh: '最慢的 5 % 请求耗时不低于 {value}（告警线 {threshold}）',
  },
  restarts: {
    en: '{value} deaths within {window} (alert from {threshold}); the last: {death}',
    zh: '{window} 内异常退出 {value} 次（告警线 {threshold}）；最近一次：{death}',
  },
  hang: { en: '{cause} (times within {window}: {value})', zh: '{cause}（{window} 内 {value} 次）' },
  'oom-kill': { en: '{cause} (times within {window}: {value})', zh: '{cause}（{window} 内 {value} 次）' },
  'over-memory': { en: '{cause} (times within {window}: {value})', zh: '{cause}（{window} 内 {value} 次）' },
  deploy: { en: '{cause}', zh: '{cause}' },
  attention: { en: '{cause} (times within {window}: {value})', zh: '{cause}（{window} 内 {value} 次）' },
} satisfies Record<RuleName, Text>;

/** Where to look and what helps, when there is little time to think. */
export const ADVICE = {
  leak: {
    en: 'Look first: what the leak report names, and what the last release changed. Replacing the process wins time.',
    zh: '先看：泄漏报告点名的位置，以及最近一次发布的改动。重启该进程可争取时间。',
  },
  'slow-leak': {
    en: 'Look first: what the leak report names. There is time: replace the process at a quiet hour.',
    zh: '先看：泄漏报告点名的位置。时间充裕：可在空闲时段重启该进程。',
  },
  heap: {
    en: 'Look first: caches without a bound, and large results held at once. At the limit Node aborts.',
    zh: '先看：没有上限的缓存、一次性载入的大结果集。触及上限时 Node 会中止。',
  },
  'box-memory': {
    en: 'Look first: which process grew (top, sorted by memory). The kernel kills one when nothing is left.',
    zh: '先看：哪个进程变大了（top 按内存排序）。用尽后内核会杀死进程。',
  },
  'memory-stall': {
    en: 'Look first: swap and the largest process. Ending one process is quicker than waiting.',
    zh: '先看：swap 与最大的进程。结束一个进程比等待更快。',
  },
  cpu: {
    en: 'Look first: requests per second against yesterday, and the slowest route.',
    zh: '先看：每秒请求数与昨日相比如何，以及最慢的路由。',
  },
  latency: {
    en: 'Look first: the slowest route, then the database and whatever it calls.',
    zh: '先看：最慢的路由，再看数据库与所调用的外部服务。',
  },
  restarts: {
    en: "Look first: the app's log just before the last death, and the last release.",
    zh: '先看：最近一次退出前的应用日志，以及最近一次发布。',
  },
  hang: {
    en: 'Look first: the function that is named. While it runs nobody is answered: cut the work up, or give it to a thread.',
    zh: '先看：点名的函数。它运行时谁都得不到响应：把工作拆小，或放到线程里。',
  },
  'oom-kill': {
    en: 'Look first: what else grew on this machine (top, sorted by memory), and whether the budget fits it.',
    zh: '先看：本机还有谁变大了（top 按内存排序），以及内存预算是否合适。',
  },
  'over-memory': {
    en: 'Look first: the leak report if there is one, and what was asked for just before.',
    zh: '先看：泄漏报告（如有），以及此前刚处理的请求。',
  },
  deploy: {
    en: 'What served before serves on. Look first: the log of the new version.',
    zh: '原有版本继续服务。先看：新版本的日志。',
  },
  attention: {
    en: "Look first: the app's log around that time, by this code.",
    zh: '先看：该时刻前后的应用日志，按此代码查找。',
  },
} satisfies Record<RuleName, Text>;

export const WORDS = {
  where: { en: '[{app} · {environment} · {host}]', zh: '[{app} · {environment} · {host}]' },
  machine: { en: 'The machine', zh: '整机' },
  cgroup: { en: 'The control group', zh: '容器（控制组）' },
  everybody: { en: 'The app', zh: '应用' },
  version: { en: 'Version {version}', zh: '版本 {version}' },
  crashLoop: {
    en: '{process} has died {failures} times in a row and is started ever more rarely',
    zh: '{process} 已连续 {failures} 次异常退出，重启间隔逐渐加长',
  },
  several: { en: '{names} and {more} more', zh: '{names} 等 {count} 个' },
  more: { en: '… and {count} more', zh: '……另有 {count} 条' },
  about: { en: '{who}: {line}', zh: '{who}：{line}' },
  growth: {
    en: 'Grows by {rate} a minute; {time} left',
    zh: '每分钟增长 {rate}，约 {time} 后触及上限',
  },
  growthOnly: { en: 'Grows by {rate} a minute', zh: '每分钟增长 {rate}' },
  since: { en: 'Since {since}', zh: '开始于 {since}' },
  lasting: { en: 'Since {since}, for {duration}', zh: '开始于 {since}，已持续 {duration}' },
  change: { en: 'Since then: {from} → {to}', zh: '期间变化：{from} → {to}' },
  lasted: {
    en: 'It lasted {duration}, from {since}; {peak} at the worst',
    zh: '持续 {duration}，开始于 {since}，最严重时 {peak}',
  },
  back: { en: 'Now {value}', zh: '当前 {value}' },
  gone: {
    en: 'Nothing to measure any more: its process was replaced, or has nothing to do',
    zh: '已无数据：进程已被替换，或已没有请求',
  },
  heapPool: { en: 'JS heap', zh: 'JS 堆' },
  externalPool: { en: 'Buffers', zh: 'Buffer（堆外）' },
  nativePool: { en: 'Native memory', zh: '原生内存' },
  unknown: { en: 'unknown', zh: '未知' },
  digestTitle: { en: 'While it was quiet: {count}', zh: '免打扰期间的告警：{count} 条' },
  digestDropped: { en: '{count} older ones are left out', zh: '更早的 {count} 条已省略' },
  lost: {
    en: '({count} earlier messages did not get through)',
    zh: '（此前有 {count} 条消息未能送达）',
  },
  testTitle: { en: 'Test: alerts arrive here', zh: '测试：告警可以送达这里' },
  testText: { en: 'Sent {at}. Nothing is wrong.', zh: '发送于 {at}，一切正常。' },
  testQuiet: {
    en: 'From {quietHours} of that time only what is urgent comes.',
    zh: '按此时间，{quietHours} 期间只发送紧急告警。',
  },
} satisfies Record<string, Text>;
