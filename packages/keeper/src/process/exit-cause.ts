import { type Language, say, type Text } from '@maque/kit';
import type { EndedFor } from '../policy/model.ts';

const CAUSES = {
  HEAP_EXHAUSTED: {
    en: 'V8 ran out of heap and aborted (raise the budget, or find what grows)',
    zh: 'V8 堆内存耗尽并中止（提高预算，或找出持续增长的对象）',
  },
  ABORTED: { en: 'it aborted ({how})', zh: '进程中止（{how}）' },
  KILLED: {
    en: 'it was killed with SIGKILL, by the kernel for want of memory or by hand',
    zh: '被 SIGKILL 杀死：内核因内存不足，或人工操作',
  },
  OOM_KILLED: {
    en: 'the kernel killed it: memory had run out',
    zh: '内存耗尽，被内核杀死',
  },
  CRASHED: {
    en: 'native code crashed ({how}): Node itself or a native addon',
    zh: '原生代码崩溃（{how}）：Node 自身或原生扩展',
  },
  TERMINATED: { en: 'it was ended with {how}', zh: '被 {how} 终止' },
  UNCAUGHT_ERROR: {
    en: 'it threw an error that nothing caught (exit code 1)',
    zh: '有未捕获的错误（退出码 1）',
  },
  BAD_NODE_OPTION: {
    en: 'Node does not know one of its options (exit code 9)',
    zh: 'Node 不认识某个启动参数（退出码 9）',
  },
  UNSETTLED_AWAIT: {
    en: 'a top-level await never settled (exit code 13)',
    zh: '顶层 await 一直没有结束（退出码 13）',
  },
  ENDED: { en: 'the script came to its end (exit code 0)', zh: '脚本自行结束（退出码 0）' },
  EXITED: { en: 'it ended with {how}', zh: '以 {how} 结束' },
  NOT_STARTED: { en: 'the process could not be started: {how}', zh: '无法启动进程：{how}' },
  HUNG: { en: 'its event loop was blocked, so the keeper killed it', zh: '事件循环被阻塞，已被守护进程杀死' },
  BOOT_TIMEOUT: {
    en: 'it did not listen in time, so the keeper killed it',
    zh: '未在限定时间内开始监听，已被守护进程杀死',
  },
  DRAIN_TIMEOUT: {
    en: 'it did not finish its requests in time, so the keeper killed it',
    zh: '未在限定时间内处理完请求，已被守护进程杀死',
  },
  PROBE_FAILED: {
    en: 'it said that it was ready and did not answer, so the keeper killed it',
    zh: '声称已就绪却不应答，已被守护进程杀死',
  },
  LISTENS_ELSEWHERE: {
    en: 'it listens on no port on which those listen that serve, so the keeper killed it',
    zh: '没有监听正在服务的端口，已被守护进程杀死',
  },
  OVER_MEMORY: {
    en: 'memory was about to run out, so the keeper killed it before the kernel would',
    zh: '内存即将耗尽，守护进程抢在内核之前将其杀死',
  },
  RECYCLED: { en: 'it was replaced', zh: '已被替换' },
  STOPPED: { en: 'the keeper stopped it', zh: '已由守护进程停止' },
} as const satisfies Record<string, Text>;

export type ExitCauseCode = keyof typeof CAUSES;

export const EXIT_CAUSES = Object.keys(CAUSES) as readonly ExitCauseCode[];

/** Why a worker process ended: a code for machines, and what the system told. */
export interface ExitCause {
  readonly cause: ExitCauseCode;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The system's own word where there is no exit, e.g. `EAGAIN`. */
  readonly reason: string | null;
}

const BY_KEEPER: Record<EndedFor, ExitCauseCode> = {
  hang: 'HUNG',
  'boot-timeout': 'BOOT_TIMEOUT',
  'drain-timeout': 'DRAIN_TIMEOUT',
  'probe-failed': 'PROBE_FAILED',
  elsewhere: 'LISTENS_ELSEWHERE',
  memory: 'OVER_MEMORY',
  recycle: 'RECYCLED',
  stop: 'STOPPED',
};

// Shells and init systems report a signal as 128 + its number (POSIX); only those that end a process by themselves.
const SIGNALS: Record<number, string> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

const NATIVE_CRASH = new Set(['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

// V8's last words when it gives up on memory; it then aborts (SIGABRT, or SIGTRAP and SIGILL in some builds).
const OUT_OF_HEAP = /heap out of memory|Reached heap limit|Ineffective mark-compacts|OOM error in V8/;

const NODE_EXIT_CODES: Record<number, ExitCauseCode> = {
  0: 'ENDED',
  1: 'UNCAUGHT_ERROR',
  9: 'BAD_NODE_OPTION',
  13: 'UNSETTLED_AWAIT',
};

/**
 * Reads an exit code, a signal and the last lines of stderr.
 * @param endedFor why the keeper itself ended the worker, which explains its own signal better than the signal does.
 */
export function explainExit(
  exitCode: number | null,
  signal: string | null,
  lastLines: readonly string[],
  endedFor: EndedFor | null,
): ExitCause {
  const told = { exitCode, signal, reason: null };
  if (endedFor !== null && isKeepersDoing(exitCode, signal, endedFor))
    return { cause: BY_KEEPER[endedFor], ...told };
  const name = signal ?? SIGNALS[exitCode ?? 0] ?? null;
  if (name === null) return { cause: NODE_EXIT_CODES[exitCode ?? -1] ?? 'EXITED', ...told };
  return { cause: signalCause(name, lastLines), exitCode, signal: name, reason: null };
}

/** A drained worker exits with 0, all others are killed; whatever else happened on the way has its own cause. */
function isKeepersDoing(exitCode: number | null, signal: string | null, endedFor: EndedFor): boolean {
  return exitCode === 0 || (signal === 'SIGKILL' && endedFor !== 'recycle');
}

function signalCause(signal: string, lastLines: readonly string[]): ExitCauseCode {
  if (signal === 'SIGKILL') return 'KILLED';
  const crashed = NATIVE_CRASH.has(signal);
  if (!crashed && signal !== 'SIGABRT') return 'TERMINATED';
  if (lastLines.some((line) => OUT_OF_HEAP.test(line))) return 'HEAP_EXHAUSTED';
  return crashed ? 'CRASHED' : 'ABORTED';
}

/** The cause in one sentence. */
export function describeExit(exit: ExitCause, language: Language): string {
  const how =
    exit.signal ?? exit.reason ?? `${language === 'zh-CN' ? '退出码' : 'exit code'} ${exit.exitCode}`;
  return say(CAUSES[exit.cause], language, { how });
}
