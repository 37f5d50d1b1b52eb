import { formatBytes, formatDuration, type Language, say, type Text, type TextData } from '@maque/kit';
import { describeExit, type ExitCause } from './process/exit-cause.ts';

const EVENTS = {
  KEEPER_STARTED: {
    en: 'Keeper (pid {pid}) keeps {workers} workers of {script}',
    zh: '守护进程（pid {pid}）开始守护 {script} 的 {workers} 个工作进程',
  },
  WORKER_STARTED: { en: 'Worker {worker} started (pid {pid})', zh: '工作进程 {worker} 已启动（pid {pid}）' },
  WORKER_READY: {
    en: 'Worker {worker} is ready after {bootMs}',
    zh: '工作进程 {worker} 已就绪，用时 {bootMs}',
  },
  WORKER_FAILED: {
    en: 'Worker {worker} cannot start: {message} ({code})',
    zh: '工作进程 {worker} 无法启动：{message}（{code}）',
  },
  WORKER_EXITED: { en: 'Worker {worker} ended: {exit}', zh: '工作进程 {worker} 已结束：{exit}' },
  WORKER_DRAINING: {
    en: 'Worker {worker} takes no more connections and finishes its requests ({reason})',
    zh: '工作进程 {worker} 不再接受新连接，正在处理完已有请求（{reason}）',
  },
  WORKER_DRAINED: {
    en: 'Worker {worker} has finished its requests',
    zh: '工作进程 {worker} 已处理完所有请求',
  },
  REQUESTS_CUT: {
    en: 'Worker {worker} had to cut {requests} requests that outlasted the drain',
    zh: '工作进程 {worker} 在限定时间内未能完成，中断了 {requests} 个请求',
  },
  WORKER_HUNG: {
    en: 'Worker {worker} has not answered for {silentMs}; killing it',
    zh: '工作进程 {worker} 已 {silentMs} 没有响应，将其杀死',
  },
  WORKER_BLOCKED: {
    en: 'Worker {worker}: {place}',
    zh: '工作进程 {worker}：{place}',
  },
  WORKER_AUTOPSIED: {
    en: 'Worker {worker} examined itself: {finding}',
    zh: '工作进程 {worker} 自检结果：{finding}',
  },
  AUTOPSY_SKIPPED: {
    en: 'Worker {worker} goes without examining itself: {why}',
    zh: '工作进程 {worker} 未做自检：{why}',
  },
  LEFTOVERS_ENDED: {
    en: 'Processes that outlived their worker are ended: {pids}',
    zh: '已结束工作进程退出后遗留的进程：{pids}',
  },
  SYSTEMD_UNREACHABLE: {
    en: 'systemd cannot be told how this service is: {reason}',
    zh: '无法向 systemd 报告服务状态：{reason}',
  },
  BOX_PRESSURE: { en: 'Memory of this box: {level} {why}', zh: '本机内存：{level} {why}' },
  KERNEL_KILLED: {
    en: 'The kernel killed processes for want of memory: {own} of this control group, {elsewhere} elsewhere',
    zh: '内核因内存不足杀死了进程：本控制组 {own} 个，其他 {elsewhere} 个',
  },
  WORKER_OVER_MEMORY: {
    en: 'Worker {worker}: {why}; {deed}',
    zh: '工作进程 {worker}：{why}；{deed}',
  },
  PROBE_FAILED: {
    en: 'Worker {worker} says it is ready but does not answer; killing it ({reason})',
    zh: '工作进程 {worker} 声称已就绪却不应答，将其杀死（{reason}）',
  },
  LISTENS_ELSEWHERE: {
    en: 'Worker {worker} of the new version listens on {listening}, and those that serve on {expected}; killing it. To move, restart',
    zh: '新版本的工作进程 {worker} 监听 {listening}，而正在服务的监听 {expected}，将其杀死。要换端口，请重启',
  },
  CRASH_LOOP: {
    en: 'Worker {worker} has died {failures} times in a row; it is started ever more rarely until it lives',
    zh: '工作进程 {worker} 已连续 {failures} 次异常退出，重启间隔将逐渐加长',
  },
  DEPLOY_STARTED: {
    en: 'Version {version} comes in: workers to replace: {workers}',
    zh: '开始上线版本 {version}，要替换的工作进程：{workers} 个',
  },
  DEPLOY_DONE: {
    en: 'Version {version} serves, in {workers} of {of} workers',
    zh: '版本 {version} 已上线（{workers}/{of} 个工作进程）',
  },
  DEPLOY_FAILED: {
    en: 'Version {version} does not live, what served before stays: {exit}',
    zh: '版本 {version} 无法运行，继续使用原有版本：{exit}',
  },
  DEPLOY_REFUSED: {
    en: 'Nothing is deployed, what serves stays: {reason}',
    zh: '未上线，继续使用现有版本：{reason}',
  },
  WORKER_NOT_LISTENING: {
    en: 'Worker {worker} was not ready within {waitedMs}; killing it',
    zh: '工作进程 {worker} 在 {waitedMs} 内没有就绪，将其杀死',
  },
  DRAIN_EXPIRED: {
    en: 'Worker {worker} did not end within {waitedMs} of being drained; killing it',
    zh: '工作进程 {worker} 排空 {waitedMs} 后仍未结束，将其杀死',
  },
  RESTART_DELAYED: {
    en: '{failures} deaths in a row; the next start waits {delayMs}',
    zh: '连续 {failures} 次异常退出，{delayMs} 后再启动',
  },
  RECYCLE_STARTED: {
    en: 'Replacing {workers}, one at a time ({reason})',
    zh: '逐个替换 {workers}（{reason}）',
  },
  WORKER_RECYCLED: {
    en: 'Worker {worker} is replaced ({reason})',
    zh: '工作进程 {worker} 已替换（{reason}）',
  },
  RECYCLE_DONE: { en: 'All workers asked for are replaced', zh: '替换完成' },
  RECYCLE_FAILED: {
    en: 'The replacement of {worker} did not start; no more is replaced (workers that serve: {serving})',
    zh: '{worker} 的替代进程未能启动，不再继续替换（正在服务的工作进程：{serving} 个）',
  },
  KEEPER_STALLED: {
    en: 'The keeper itself was stopped for {gapMs}; nobody is blamed for silence in that time',
    zh: '守护进程自身停顿了 {gapMs}，此间的静默不计入',
  },
  OOM_SCORE_NOT_SET: {
    en: 'Cannot set oom_score_adj of {worker}: {reason}',
    zh: '无法设置 {worker} 的 oom_score_adj:{reason}',
  },
  CONNECTION_RESCUED: {
    en: '{connections} connections on their way to {worker} went to another worker',
    zh: '发往 {worker} 途中的 {connections} 个连接已转交其他工作进程',
  },
  APP_ATTENTION: {
    en: '{code}, says {worker}: {message}',
    zh: '{worker} 报告 {code}：{message}',
  },
  ALERT_SENT: { en: 'Told through {channel}: {title}', zh: '已通过 {channel} 发送：{title}' },
  ALERT_LOST: {
    en: 'Could not tell through {channel}: {title} ({reason})',
    zh: '未能通过 {channel} 发送：{title}（{reason}）',
  },
  EVENTS_NOT_KEPT: {
    en: 'Events are kept in memory only, {path} cannot be written: {reason}',
    zh: '事件暂时只保留在内存中，{path} 无法写入：{reason}',
  },
  STOPPING: { en: 'Stopping: {reason}', zh: '正在停止：{reason}' },
  STOPPED: { en: 'All workers have ended', zh: '所有工作进程已结束' },
  GAVE_UP: { en: 'No worker could start; giving up', zh: '没有工作进程能够启动，放弃' },
} as const satisfies Record<string, Text>;

/** Why a worker goes; what is not here is a signal's name, and shown as it is. */
const REASONS = {
  asked: { en: 'asked', zh: '人工要求' },
  deploy: { en: 'new version', zh: '新版本上线' },
  rollback: { en: 'back to the version before', zh: '回到原有版本' },
  leak: { en: 'its memory leaks', zh: '内存泄漏' },
  memory: { en: 'memory is short', zh: '内存不足' },
  age: { en: 'its age', zh: '运行时长' },
  requests: { en: 'the number of its requests', zh: '请求数量' },
  descriptors: { en: 'its file descriptors are used up', zh: '文件描述符即将耗尽' },
  recycle: { en: 'replaced', zh: '替换' },
  stop: { en: 'the end', zh: '停止' },
} as const satisfies Record<string, Text>;

export type EventCode = keyof typeof EVENTS;

/** One thing that happened, as data. */
export interface KeeperEvent {
  /** Counts up from 1, so that a reader can ask for what came after. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly code: EventCode;
  readonly data: TextData;
}

/** The event in one sentence. Durations (`…Ms`) and exits are spelled out. */
export function describeEvent(event: Pick<KeeperEvent, 'code' | 'data'>, language: Language): string {
  const shown = Object.entries(event.data).map(([name, value]) => [name, shownValue(name, value, language)]);
  // Out of the file of another version it may be one that this one does not know.
  const text: Text = EVENTS[event.code] ?? { en: event.code, zh: event.code };
  return say(text, language, Object.fromEntries(shown));
}

function shownValue(name: string, value: unknown, language: Language): unknown {
  if (typeof value === 'number') {
    if (name.endsWith('Ms')) return formatDuration(value);
    return name.startsWith('bytes') ? formatBytes(value) : value;
  }
  if (name === 'exit') return describeExit(value as ExitCause, language);
  if (name === 'reason' && typeof value === 'string' && Object.hasOwn(REASONS, value)) {
    return say(REASONS[value as keyof typeof REASONS], language);
  }
  return value;
}
