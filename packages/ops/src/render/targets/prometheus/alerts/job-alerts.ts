import { HOUR, MINUTE, SECOND } from '@maque/kit';
import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';
import type { Watched } from '../watched.ts';

const ofServer =
  <Level>(...levels: readonly Level[]) =>
  ({ hasServer }: Watched): readonly Level[] =>
    hasServer ? levels : [];

/** Of jobs, of backups, and of the log. */
export const jobAlerts: readonly AlertRule[] = [
  {
    name: 'MaqueJobsDead',
    measure: 'max without (worker) (maque_jobs_dead)',
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'warning', limit: 0, forMinutes: 5 }),
    unit: 'number',
    summary: {
      en: '{app}: {value} jobs failed for good and wait for you',
      zh: '{app}：{value} 个任务已彻底失败，等待人工处理',
    },
    advice: {
      en: 'The console shows each with its error; run again or discard it there',
      zh: '控制台里能看到每个任务和错误，可重跑或丢弃',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'jobs that were given up', zh: '已放弃的任务数' },
      explanation: {
        en: 'A job is tried again for hours before it is given up. What it was to do, a message or a shipment, has not been done.',
        zh: '任务会重试数小时才放弃。它要做的事（发消息、发货）还没有做。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady('maque_jobs_dead{worker="w1"}', value)],
  },
  {
    name: 'MaqueJobsLate',
    measure: 'max without (worker) (maque_jobs_oldest_due_seconds)',
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'warning', limit: 600, forMinutes: 5 }),
    unit: 'seconds',
    summary: { en: '{app}: a job that is due waits for {value}', zh: '{app}：有到期任务已等待 {value}' },
    advice: {
      en: 'Either one kind of job is slow, or more come than are done: the console shows which wait',
      zh: '要么某类任务太慢，要么来得比做得快：控制台会显示在等的是哪些',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'how long the oldest job that is due has waited', zh: '最早到期任务的等待时间' },
      explanation: {
        en: 'Jobs begin within a second. Ten minutes late means that the queue grows; an order that should have closed is still open.',
        zh: '任务一秒内就会开始。迟了十分钟说明队列在变长，该关闭的订单还开着。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [steady('maque_jobs_oldest_due_seconds{worker="w1"}', value)],
  },
  {
    name: 'MaqueBackupOld',
    measure: 'time() - max without (worker) (maque_backup_last_success_timestamp_seconds)',
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'warning', limit: (48 * HOUR) / SECOND, forMinutes: 10 }),
    unit: 'seconds',
    summary: {
      en: '{app}: the newest backup in its data folder is {value} old',
      zh: '{app}：数据目录中最新的备份已是 {value} 之前的',
    },
    advice: {
      en: 'maque backup makes one now and says what is in its way; journalctl and the log have BACKUP_FAILED',
      zh: '执行 maque backup 立即备份，并会说明受阻原因；日志中可查 BACKUP_FAILED',
    },
    guide: GUIDE.backups,
    meaning: {
      short: { en: 'age of the newest backup', zh: '最新备份距今的时间' },
      explanation: {
        en: 'One is made a day: two days mean that one failed, and that the orders of a day are at stake. Silence it where MAQUE_BACKUP_EVERY is longer.',
        zh: '每天备份一次：超过两天说明有一次失败了，一天的订单可能丢失。若 MAQUE_BACKUP_EVERY 设得更长，请静默此告警。',
      },
      source: SOURCES.doctor,
    },
    example: (value) => [
      rising('maque_backup_last_success_timestamp_seconds{worker="w1"}', MINUTE / SECOND, -value),
    ],
  },
  {
    name: 'MaqueLogLinesDropped',
    measure: 'sum without (worker) (increase(maque_log_lines_dropped_total[15m]))',
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'warning', limit: 0, forMinutes: 0 }),
    unit: 'number',
    summary: {
      en: '{app}: the disk did not take {value} lines of the log',
      zh: '{app}：磁盘没有写下 {value} 行日志',
    },
    advice: {
      en: 'df -h and iostat: full, or too slow? MAQUE_LOG_LEVEL=info, where it is debug',
      zh: '用 df -h 与 iostat 看磁盘是满了还是太慢；日志级别若是 debug，改回 info',
    },
    guide: GUIDE.operations,
    meaning: {
      short: { en: 'log lines dropped in 15 minutes', zh: '15 分钟内丢弃的日志行数' },
      explanation: {
        en: 'Requests never wait for the log: what the disk does not take in time is dropped and counted. The first sign of a disk that is full or dying.',
        zh: '请求不等日志：磁盘来不及写的会丢弃并计数。这往往是磁盘写满或损坏的第一个征兆。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_log_lines_dropped_total{worker="w1"}', value)],
  },
];
